/** Texts that no sink may ever see. */
export const secrets = [
  'Fatima',
  '784-1980-1234567-8',
  'fatima@bank.example',
  'AE070331234567890123456',
  '10.1.2.3',
  '4111111111111111',
] as const;

const text = (key: string, value: string): object => ({ key, value: { stringValue: value } });

/** Attributes of which each is unknown, or known with a value that names somebody. */
const attributes = [
  text('customer.name', 'Fatima'),
  text('http.url', 'https://bank.example/v2/models/fraud?customer=Fatima'),
  text('manara.model.name', 'fraud 784-1980-1234567-8 fatima@bank.example'),
  text('component', 'AE070331234567890123456 at 10.1.2.3'),
  { key: 'request_size', value: { intValue: '4111111111111111' } },
  text('http.method', 'POST'),
];

const now = `${Date.now()}000000`;

/** Spans of somebody else, who says too much wherever something can be said. */
export const foreignSpans = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'gateway'), text('host.name', 'Fatima')] },
      scopeSpans: [
        {
          scope: { name: 'any', attributes: [text('who', 'Fatima')] },
          spans: [
            {
              traceId: '5b8efff798038103d269b633813fc60c',
              spanId: 'eee19b7ec3c1b174',
              traceState: 'bank=Fatima',
              name: 'GET /customers/Fatima',
              kind: 2,
              startTimeUnixNano: now,
              endTimeUnixNano: now,
              attributes,
              events: [{ timeUnixNano: now, name: 'Fatima called', attributes }],
              status: { code: 2, message: 'no account of Fatima' },
            },
          ],
        },
      ],
    },
  ],
};

/** A line of an access log, in words and in fields. */
export const foreignLogs = {
  resourceLogs: [
    {
      resource: { attributes: [text('host.name', 'Fatima')] },
      scopeLogs: [
        {
          logRecords: [
            { timeUnixNano: now, body: { stringValue: 'Fatima asked' }, attributes },
            {
              timeUnixNano: now,
              body: {
                kvlistValue: {
                  values: [text('status', '200'), text('caller', 'Fatima'), ...attributes],
                },
              },
            },
          ],
        },
      ],
    },
  ],
};
