import { headers, parseModelVersion, type Verb } from '@manara/contract';
import { anonymous, type Caller, type CallTerms, type Permit } from '../call';
import { asServingError, errors, ServingError } from '../errors';
import type { LoadedVersion } from '../repository/loaded-version';
import type { Protocol } from '../telemetry/version-metrics';
import { parseTraceparent } from '../telemetry/trace-context';
import type { AuditEntry, AuditLog } from './audit';
import type { Approach } from './credential';
import type { Identity } from './identity';
import type { Limiter } from './limits/limiter';

/** What a request is about. Empty and `undefined` mean: nothing in particular. */
export interface Target {
  readonly model?: string | undefined;
  readonly version?: string | undefined;
}

/** What is asked of the server. */
export interface Action {
  /** Name of the route, or of the gRPC method. */
  readonly name: string;
  readonly verb: Verb;
  readonly protocol: Protocol | 'metrics';
  /** Asked only once the caller is known: a message may have to be decoded for it. */
  readonly target: () => Target;
}

/** What every request passes, whatever protocol it came over, before anything is done for it. */
export interface Gate {
  /**
   * Does what is asked if whoever comes may have it.
   *
   * @throws ServingError, or rejects with it.
   */
  through<T>(approach: Approach, action: Action, serve: (caller: Caller) => Promise<T>): Promise<T>;
  /**
   * Under what a caller may have the very version that answers. It may be another one than that which
   * they were let through for: a variant, a default that has changed, or a job's under newer rules.
   *
   * @throws ServingError FORBIDDEN, audited and counted; whoever asked for the answer logs it.
   */
  permit(terms: CallTerms, verb: 'infer' | 'explain', version: LoadedVersion): Permit;
}

/** What is not held to a rule has no limit of one. */
const noLimit: Permit = { name: '' };

/** The gate of a server that asks nobody who they are. */
export const openGate: Gate = {
  through: (_approach, _action, serve) => serve(anonymous),
  permit: () => noLimit,
};

export interface GateParts {
  /** @default - nobody is asked, and everybody is allowed everything */
  readonly identity: Identity | undefined;
  readonly limiter: Limiter;
  /** @default - nothing is audited */
  readonly audit: AuditLog | undefined;
  /** Whether metrics are shown to everybody. */
  readonly openMetrics: boolean;
  /** The version that answers where none is named; `undefined` where the model is not there. */
  readonly defaultVersion: (model: string) => number | undefined;
  /** Told of each request that is refused, be it at the gate or behind it. */
  readonly refused: (error: ServingError, verb: Verb) => void;
  /** Told of each that is not let through, which nobody else learns of. */
  readonly stopped: (error: ServingError, action: Action) => void;
}

/** What of the answered calls stands in the audit log; refusals do, whatever they were for. */
const audited: ReadonlySet<Verb> = new Set<Verb>(['read', 'load', 'admin']);

/** Identifies, authorizes, limits and audits. */
export class GuardedGate implements Gate {
  constructor(private readonly parts: GateParts) {}

  through<T>(
    approach: Approach,
    action: Action,
    serve: (caller: Caller) => Promise<T>,
  ): Promise<T> {
    if (this.isOpen(action.verb)) return serve(anonymous);
    let admitted: Caller | Promise<Caller>;
    try {
      const caller = this.parts.identity?.identify(approach) ?? anonymous;
      admitted =
        caller instanceof Promise
          ? caller.then((known) => this.admit(known, approach, action))
          : this.admit(caller, approach, action);
    } catch (thrown) {
      throw this.told(thrown, action);
    }
    // Known callers and local limits leave nothing to wait for.
    if (!(admitted instanceof Promise)) return this.serve(admitted, approach, action, serve);
    return admitted.then(
      (caller) => this.serve(caller, approach, action, serve),
      (thrown: unknown) => {
        throw this.told(thrown, action);
      },
    );
  }

  permit(terms: CallTerms, verb: 'infer' | 'explain', { model, version }: LoadedVersion): Permit {
    const { caller, protocol = 'job' } = terms;
    const permit = caller.permit(verb, model, version);
    if (permit !== undefined) return permit;
    const target = { model, version: String(version) };
    const action = { name: verb, verb, protocol, target: (): Target => target };
    const error = this.forbidden(caller, terms, action);
    this.parts.refused(error, verb);
    throw error;
  }

  private isOpen(verb: Verb): boolean {
    return verb === 'health' || (verb === 'metrics' && this.parts.openMetrics);
  }

  private admit(caller: Caller, approach: Approach, action: Action): Caller | Promise<Caller> {
    const target = action.target();
    const permit = this.permitOf(caller, action.verb, target);
    if (permit === undefined) throw this.forbidden(caller, approach, action);
    const counted = this.parts.limiter.request(caller, permit);
    return counted instanceof Promise ? counted.then(() => caller) : caller;
  }

  /** Notes that a rule refuses a caller, for who may ask about it later. */
  private forbidden(
    caller: Caller,
    asked: Pick<Approach, 'header'>,
    action: NotedAction,
  ): ServingError {
    this.parts.audit?.note({ ...entryOf(caller, asked, action), outcome: 'refused' });
    return errors.forbidden(caller.id, action.verb, nameOf(action.target()));
  }

  private permitOf(caller: Caller, verb: Verb, { model, version }: Target): Permit | undefined {
    if (verb === 'own') return noLimit;
    if (model === undefined || model === '') {
      // What there is to read of all models is shown as far as the caller may read it.
      return caller.permit(verb) ?? (verb === 'read' ? noLimit : undefined);
    }
    const number =
      version === undefined || version === ''
        ? this.parts.defaultVersion(model)
        : parseModelVersion(version);
    return caller.permit(verb, model, number);
  }

  private serve<T>(
    caller: Caller,
    approach: Approach,
    action: Action,
    serve: (caller: Caller) => Promise<T>,
  ): Promise<T> {
    const { audit } = this.parts;
    if (audit === undefined || !audited.has(action.verb)) return serve(caller);
    const entry = entryOf(caller, approach, action);
    return action.verb === 'read'
      ? written(audit, { ...entry, outcome: 'allowed' }).then(() => serve(caller))
      : followed(audit, entry, () => serve(caller));
  }

  private told(thrown: unknown, action: Action): unknown {
    if (thrown instanceof ServingError) {
      this.parts.refused(thrown, action.verb);
      this.parts.stopped(thrown, action);
    }
    return thrown;
  }
}

function nameOf({ model, version }: Target): string {
  if (model === undefined || model === '') return 'on the server as a whole';
  const which = version === undefined || version === '' ? '' : ` version "${version}"`;
  return `model "${model}"${which}`;
}

/** What the audit log says of an action; a job's comes over no protocol. */
type NotedAction = Pick<Action, 'name' | 'verb' | 'target'> & { readonly protocol: string };

function entryOf(
  caller: Caller,
  approach: Pick<Approach, 'header'>,
  { name, verb, protocol, target }: NotedAction,
): Omit<AuditEntry, 'outcome'> {
  const { model, version } = target();
  const traceId = parseTraceparent(approach.header(headers.traceparent))?.traceId;
  return { caller: caller.id, verb, action: name, protocol, model, version, traceId };
}

/** @throws ServingError AUDIT_UNAVAILABLE: nothing is done whose line is not written. */
async function written(audit: AuditLog, entry: AuditEntry): Promise<void> {
  try {
    await audit.write(entry);
  } catch {
    throw errors.auditUnavailable();
  }
}

/** Does what changes something between a line that says so and one that says what it came to. */
async function followed<T>(
  audit: AuditLog,
  entry: Omit<AuditEntry, 'outcome'>,
  serve: () => Promise<T>,
): Promise<T> {
  await written(audit, { ...entry, outcome: 'begun' });
  try {
    const value = await serve();
    audit.note({ ...entry, outcome: 'done' });
    return value;
  } catch (thrown) {
    audit.note({ ...entry, outcome: 'failed', error: asServingError(thrown).code });
    throw thrown;
  }
}
