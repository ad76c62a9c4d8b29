import { type Static, Type } from '@sinclair/typebox';
import { redisSchema } from './redis-config';
import { ruleVerbs } from './verbs';

const strict = { additionalProperties: false } as const;
const text = (description: string) => Type.String({ minLength: 1, description });
const texts = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description });

const tls = Type.Object(
  {
    certFile: text('Certificate chain, PEM, the server’s own first. Followed: see docs/access.md.'),
    keyFile: text('Private key of the certificate, PEM, not encrypted.'),
    clientCaFile: Type.Optional(
      text('Certificates, PEM, of those who sign callers’ certificates: turns mutual TLS on.'),
    ),
    clientCertificates: Type.Optional(
      Type.Union([Type.Literal('required'), Type.Literal('optional')], {
        default: 'required',
        description:
          'With clientCaFile: whether a connection without a certificate is refused, or only not identified by one.',
      }),
    ),
    minVersion: Type.Optional(
      Type.Union([Type.Literal('1.2'), Type.Literal('1.3')], {
        default: '1.2',
        description: 'Least version of TLS.',
      }),
    ),
  },
  { ...strict, description: 'TLS for REST, gRPC and metrics. Default: none.' },
);

/** Asymmetric signatures only: with a shared secret every server that checks tokens could make them. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const issuer = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,31}$',
      description:
        'Stands before all that a token of this issuer says: caller "NAME:subject", group "NAME:group". So no issuer can speak for another.',
    }),
    issuer: text('The tokens’ "iss", exactly.'),
    audience: text('What the tokens’ "aud" must be, or hold.'),
    jwksUrl: Type.Optional(
      Type.String({
        pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])[:/])',
        description: 'Where the issuer publishes its keys; https, or http on this machine.',
      }),
    ),
    jwksFile: Type.Optional(text('The issuer’s keys as a file, for servers without a network.')),
    algorithms: Type.Optional(
      Type.Array(Type.Union(algorithms.map((name) => Type.Literal(name))), {
        minItems: 1,
        default: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        description: 'Signatures that are accepted.',
      }),
    ),
    clockToleranceSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 300,
        default: 5,
        description: 'How far the issuer’s clock may be from this one.',
      }),
    ),
    callerClaim: Type.Optional(
      Type.String({ minLength: 1, default: 'sub', description: 'Claim that names the caller.' }),
    ),
    groupsClaim: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'groups',
        description: 'Claim with the caller’s groups; dots lead into objects.',
      }),
    ),
  },
  strict,
);

const identity = Type.Object(
  {
    apiKeys: Type.Optional(
      Type.Object(
        { file: text('File of hashed keys that `manara-server new-key` writes. Followed.') },
        strict,
      ),
    ),
    jwt: Type.Optional(
      Type.Array(issuer, { minItems: 1, description: 'Issuers whose tokens are accepted.' }),
    ),
    clientCertificates: Type.Optional(
      Type.Object(
        {
          name: Type.Union([Type.Literal('spiffe'), Type.Literal('subject')], {
            description:
              'What of a certificate names the caller: its SPIFFE id (the one URI among its alternative names), or its subject.',
          }),
        },
        { ...strict, description: 'Needs tls.clientCaFile.' },
      ),
    ),
    openMetrics: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether metrics are shown to everybody, without the verb "metrics".',
      }),
    ),
  },
  {
    ...strict,
    description:
      'How callers prove who they are. Once one way is configured, only what `rules` allow is answered, besides health.',
  },
);

const limit = Type.Object(
  {
    requestsPerSecond: Type.Number({ exclusiveMinimum: 0, maximum: 1e6 }),
    burst: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1e6,
        description: 'Requests at once after a pause. Default: one second’s.',
      }),
    ),
    rowsPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1e9,
        description:
          'Rows, over one second: the first dimension of inputs whose model leaves it open, else 1. A request that goes beyond delays the next.',
      }),
    ),
  },
  { ...strict, description: 'For each caller by itself. Default: none.' },
);

const rule = Type.Object(
  {
    callers: Type.Optional(texts('Names of callers; * stands for any text.')),
    groups: Type.Optional(texts('The caller is in one of them; * stands for any text.')),
    scopes: Type.Optional(texts('The caller’s token has one of them: "NAME:scope".')),
    claims: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1 }), {
        description: 'The caller’s token has, for each "NAME:claim", one of the values.',
      }),
    ),
    verbs: Type.Array(Type.Union(ruleVerbs.map((verb) => Type.Literal(verb))), {
      minItems: 1,
      description: 'What they may do.',
    }),
    models: Type.Optional(texts('On which models; * stands for any text. Default: all.')),
    versions: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1 }), {
        minItems: 1,
        description: 'On which versions of them. Default: all.',
      }),
    ),
    limit: Type.Optional(limit),
  },
  strict,
);

const rules = Type.Array(rule, {
  minItems: 1,
  description:
    'Who may do what. Read from the top: the first rule that allows a request is the one whose limit counts. Needs identity.',
});

const limits = Type.Object(
  {
    redis: Type.Optional(redisSchema),
  },
  {
    ...strict,
    description:
      'How the limits of the rules are counted: by each server for itself, or in a Redis that replicas share.',
  },
);

const audit = Type.Object(
  {
    file: Type.Optional(
      text('File that audit lines are added to. Default: standard output, among the log.'),
    ),
  },
  {
    ...strict,
    description:
      'One line for each look at a model, load, unload, administrative call and refusal. Default: on where identity is configured.',
  },
);

/** Keys of the configuration that say who may use the server. */
export const accessProperties = {
  allowAnonymous: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'Whether a server without identity may listen on other addresses than loopback: whoever reaches it may use all of it.',
    }),
  ),
  tls: Type.Optional(tls),
  identity: Type.Optional(identity),
  rules: Type.Optional(rules),
  limits: Type.Optional(limits),
  audit: Type.Optional(audit),
};

export type TlsConfig = Static<typeof tls>;
export type IdentityConfig = Static<typeof identity>;
export type IssuerConfig = Static<typeof issuer>;
export type AccessRule = Static<typeof rule>;
export type CallerLimit = Static<typeof limit>;
export type LimitsConfig = Static<typeof limits>;
export type AuditConfig = Static<typeof audit>;

/** The part of a configuration that says who may use the server. */
export interface AccessConfig {
  readonly allowAnonymous?: boolean;
  readonly tls?: TlsConfig;
  readonly identity?: IdentityConfig;
  readonly rules?: readonly AccessRule[];
  readonly limits?: LimitsConfig;
  readonly audit?: AuditConfig;
}
