import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import * as messages from '@pulumi/pulumi/proto/provider_pb';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { version } from '@pulumi/kubernetes/package.json';
import { changesOf, diffResponse } from '../plugin/difference';
import type { JsonObject } from '../plugin/json';
import { unary, valueOf } from '../plugin/rpc';
import { configuration, serverOf } from './configuration';
import { revealed } from './marks';
import { idOf } from './objects';
import { KubernetesProvider } from './provider';

/** Seconds to wait for a deletion where the program says nothing, as with the official provider. */
const deletionTimeoutSeconds = 600;

/**
 * The provider behind Pulumi's own gRPC interface. `@pulumi/pulumi/provider` would be less work, but
 * hides previews, unknown values, the provider's options and ignored fields.
 */
export function methods(): UntypedServiceImplementation {
  let provider: KubernetesProvider | undefined;
  const configured = (): KubernetesProvider => {
    if (provider === undefined) throw new Error('a request came before Configure');
    return provider;
  };

  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    attach: unary(() => new Empty()),
    cancel: unary(() => {
      provider?.cancel();
      return new Empty();
    }),

    checkConfig: unary((request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),

    diffConfig: unary((request: messages.DiffRequest) => {
      const before = valueOf(request.getOldInputs() ?? request.getOlds());
      const after = valueOf(request.getNews());
      const isElsewhere = endpointOf(before) !== endpointOf(after);
      const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (name) => before[name] !== after[name],
      );
      return new messages.DiffResponse()
        .setChanges(changesOf(changed.length))
        .setDiffsList(changed)
        .setReplacesList(isElsewhere ? changed : []);
    }),

    configure: unary((request: messages.ConfigureRequest) => {
      provider = new KubernetesProvider(configuration(revealed(valueOf(request.getArgs()))));
      return new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false);
    }),

    check: unary(async (request: messages.CheckRequest) => {
      const { inputs, faults } = await configured().check(valueOf(request.getNews()));
      return new messages.CheckResponse()
        .setInputs(Struct.fromJavaScript(inputs))
        .setFailuresList(faults.map((fault) => new messages.CheckFailure().setReason(fault)));
    }),

    diff: unary((request: messages.DiffRequest) => {
      const found = configured().diff(
        valueOf(request.getOlds()),
        valueOf(request.getOldInputs()),
        valueOf(request.getNews()),
      );
      return diffResponse(found);
    }),

    create: unary(async (request: messages.CreateRequest) => {
      const preview = request.getPreview();
      const state = await configured().create(valueOf(request.getProperties()), { preview });
      return new messages.CreateResponse()
        .setId(preview ? '' : idOf(revealed(state)))
        .setProperties(Struct.fromJavaScript(state));
    }),

    read: unary(async (request: messages.ReadRequest) => {
      const inputs = valueOf(request.getInputs());
      const state = valueOf(request.getProperties());
      const found = await configured().read(request.getId(), request.getType(), inputs, state);
      if (found === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(Struct.fromJavaScript(found.state))
        .setInputs(Struct.fromJavaScript(found.inputs));
    }),

    update: unary(async (request: messages.UpdateRequest) => {
      const state = await configured().update(
        valueOf(request.getOlds()),
        valueOf(request.getNews()),
        { preview: request.getPreview(), ignoreChanges: request.getIgnorechangesList() },
      );
      return new messages.UpdateResponse().setProperties(Struct.fromJavaScript(state));
    }),

    delete: unary(async (request: messages.DeleteRequest) => {
      await configured().delete(
        request.getId(),
        request.getType(),
        valueOf(request.getProperties()),
        request.getTimeout() || deletionTimeoutSeconds,
      );
      return new Empty();
    }),
  };
}

/** Another cluster is another provider; its other options may change in place. */
function endpointOf(options: JsonObject): string | undefined {
  const { kubeconfig, context } = revealed(options);
  try {
    return serverOf(kubeconfig, context);
  } catch {
    return undefined;
  }
}
