import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import * as messages from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { changes } from '../plugin/changes';
import { diffResponse } from '../plugin/difference';
import { unary, valueOf } from '../plugin/rpc';
import type { Cloud } from './cloud';
import { CloudProvider, type Named } from './cloud-provider';
import type { RecordedCloud } from './recorded-cloud';

/** A cloud behind Pulumi's gRPC interface. The engine keeps the marks of secrets for it. */
export function methods(cloud: Cloud, recorded: RecordedCloud): UntypedServiceImplementation {
  const provider = new CloudProvider(cloud, recorded);
  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(cloud.version)),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),

    checkConfig: unary((request: messages.CheckRequest) => {
      const faults = provider.checkOptions(valueOf(request.getNews()));
      return new messages.CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(faults.map((fault) => new messages.CheckFailure().setReason(fault)));
    }),

    diffConfig: unary((request: messages.DiffRequest) => {
      const before = valueOf(request.getOldInputs() ?? request.getOlds());
      const found = changes(before, valueOf(request.getNews()));
      return diffResponse({ changes: found, replaces: [], deleteBeforeReplace: false });
    }),

    configure: unary((request: messages.ConfigureRequest) => {
      provider.configure(valueOf(request.getArgs()));
      return new messages.ConfigureResponse()
        .setAcceptsecrets(false)
        .setSupportspreview(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false);
    }),

    check: unary((request: messages.CheckRequest) => {
      const named = namedBy(request.getUrn());
      const found = provider.check(named, valueOf(request.getNews()), valueOf(request.getOlds()));
      return new messages.CheckResponse()
        .setInputs(Struct.fromJavaScript(found.inputs))
        .setFailuresList(
          found.misfits.map(({ property, reason }) =>
            new messages.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),

    diff: unary((request: messages.DiffRequest) =>
      diffResponse(
        provider.diff(
          namedBy(request.getUrn()),
          valueOf(request.getOldInputs()),
          valueOf(request.getNews()),
        ),
      ),
    ),

    create: unary((request: messages.CreateRequest) => {
      const named = namedBy(request.getUrn());
      const inputs = valueOf(request.getProperties());
      const { id, state } = provider.create(named, inputs, request.getPreview());
      return new messages.CreateResponse().setId(id).setProperties(Struct.fromJavaScript(state));
    }),

    read: unary((request: messages.ReadRequest) => {
      const found = provider.read(namedBy(request.getUrn()).type, request.getId());
      if (found === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(Struct.fromJavaScript(found.state))
        .setInputs(Struct.fromJavaScript(found.inputs));
    }),

    update: unary((request: messages.UpdateRequest) => {
      const named = namedBy(request.getUrn());
      const inputs = valueOf(request.getNews());
      const state = provider.update(named, request.getId(), inputs, request.getPreview());
      return new messages.UpdateResponse().setProperties(Struct.fromJavaScript(state));
    }),

    delete: unary((request: messages.DeleteRequest) => {
      provider.delete(namedBy(request.getUrn()).type, request.getId());
      return new Empty();
    }),

    invoke: unary((request: messages.InvokeRequest) => {
      const result = provider.invoke(request.getTok(), valueOf(request.getArgs()));
      return new messages.InvokeResponse().setReturn(Struct.fromJavaScript(result));
    }),
  };
}

/** `urn:pulumi:dev::project::parent$type::name` */
function namedBy(urn: string): Named {
  const [, , types = '', ...name] = urn.split('::');
  return { urn, type: types.split('$').at(-1) ?? '', name: name.join('::') };
}
