import { leavingFields, spans } from '@manara/contract';

/**
 * Values that name people, wherever they stand. An attribute that may leave should hold none: this is the
 * second lock. Patterns are RE2's, without `$`, which the collector would take for a variable.
 * Source: Microsoft Purview, "U.A.E. identity card number"; CBUAE, "IBAN"; read 2026-11.
 */
const blockedValues: readonly string[] = [
  // Emirates ID
  String.raw`\b784-?\d{4}-?\d{7}-?\d\b`,
  // IBAN
  String.raw`\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}\b`,
  // Numbers of payment cards
  String.raw`\b(?:\d{4}[ -]?){3}\d{3,4}\b`,
  // Addresses of e-mail
  String.raw`[\w.+-]+@[\w-]+\.[\w.-]+`,
  // Mobile numbers of the UAE
  String.raw`\+971[ -]?5\d(?:[ -]?\d){7}\b`,
  // Tokens
  String.raw`\bey[\w-]+\.ey[\w-]+\.[\w-]+`,
  // Addresses of callers
  String.raw`\b(?:\d{1,3}\.){3}\d{1,3}\b`,
];

/** Drops every attribute that the telemetry schema does not name as one that may leave. */
export const redaction = {
  allow_all_keys: false,
  allowed_keys: [...leavingFields],
  blocked_values: [...blockedValues],
  // Numbers, too, may be those of cards.
  redact_all_types: true,
  // Counts of what was dropped, not its names.
  summary: 'info',
};

const ownSpans = Object.values(spans).map((name) => name.replace('.', String.raw`\.`));
/** Names of spans: the server's, and the host and port that Istio's proxies call theirs after. */
const spanNames = `^(?:${ownSpans.join('|')}|[a-z0-9.-]+:[0-9]+/[*])\\z`;
/** Codes of errors, as the server's spans have them. */
const statusMessages = String.raw`^[A-Z_]{0,64}\z`;

/**
 * The redaction processor reads attributes only. What else can hold text is cut to what is known: names and
 * messages of spans, the state that callers add to a trace, events, and bodies of log records that are no maps.
 */
export const restriction = {
  error_mode: 'propagate',
  trace_statements: [
    {
      context: 'span',
      statements: [
        `set(span.name, "other") where not IsMatch(span.name, ${quoted(spanNames)})`,
        `set(span.status.message, "") where not IsMatch(span.status.message, ${quoted(statusMessages)})`,
        'set(span.trace_state, "")',
      ],
    },
    {
      context: 'spanevent',
      statements: ['set(spanevent.name, "event")'],
    },
  ],
  log_statements: [
    {
      context: 'log',
      statements: ['set(log.body, "") where not IsMap(log.body)', 'set(log.event_name, "")'],
    },
  ],
};

function quoted(text: string): string {
  return JSON.stringify(text);
}
