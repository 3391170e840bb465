// GET /openapi.json: the description of every public route, generated from the schemas that the code itself uses.
import { z } from 'zod';
import { envelopeSchema } from './cds-hooks/envelope.ts';
import { feedbackSchema } from './cds-hooks/feedback.ts';
import * as answers from './cds-hooks/schemas.ts';
import { worklistAnswer, worklistRequest } from './cds-hooks/worklist.ts';

type Json = Record<string, unknown>;

const schema = (type: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Json;
  return rest;
};
const body = (type: z.ZodType): Json => ({
  required: true,
  content: { 'application/json': { schema: schema(type, 'input') } },
});
const answer = (description: string, type: z.ZodType, media = 'application/json'): Json => ({
  description,
  content: { [media]: { schema: schema(type, 'output') } },
});

const refusals = (...statuses: number[]): Json =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      answer(
        {
          400: 'Malformed',
          401: 'Not trusted',
          403: 'Another patient',
          404: 'Unknown',
          412: 'Required data out of reach',
          413: 'Too large',
          415: 'Not JSON',
          422: 'Cannot be computed',
          503: 'Overloaded, see Retry-After',
        }[status] ?? 'Refused',
        answers.operationOutcome,
        'application/fhir+json',
      ),
    ]),
  );

const chartRequest = envelopeSchema.partial({ hook: true, hookInstance: true });
const id = (name: string): Json => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const query = (name: string, description: string): Json => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { type: 'string' },
});
const text = (description: string, media: string): Json => ({ description, content: { [media]: {} } });
/** Dates may come twice, as from and until. */
const dates: Json = {
  name: 'date',
  in: 'query',
  description: 'A day or a time, with eq, ge, gt, le or lt before it: date=ge2026-11-01&date=lt2026-12-01',
  schema: { type: 'array', items: { type: 'string' } },
  explode: true,
};

let described: Json | undefined;

export function openapi(publicUrl: string): Json {
  described ??= describe(publicUrl);
  return described;
}

const describe = (publicUrl: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Curbside',
    version: '0.1.0',
    description:
      'CDS Hooks services, a differential for a chart, what-ifs and published equations. Guards decide; generated text retells.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: publicUrl }],
  components: {
    securitySchemes: {
      client: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A CDS client’s own token, or a panel session',
      },
      auditor: {
        type: 'http',
        scheme: 'bearer',
        description: 'AUDIT_TOKEN, or the token of a client with the role that the route asks for',
      },
    },
  },
  security: [{ client: [] }],
  paths: {
    '/cds-services': {
      get: { summary: 'Discovery', responses: { 200: { description: 'The services and their prefetch templates' } } },
    },
    '/cds-services/{id}': {
      post: {
        summary: 'A hook',
        parameters: [id('id')],
        requestBody: body(envelopeSchema),
        responses: { 200: answer('Cards', answers.hookAnswer), ...refusals(400, 401, 403, 404, 412, 413, 415, 503) },
      },
    },
    '/cds-services/{id}/feedback': {
      post: {
        summary: 'What became of cards',
        parameters: [id('id')],
        requestBody: body(feedbackSchema),
        responses: { 200: { description: 'Kept' }, ...refusals(400, 401, 404) },
      },
    },
    '/consult': {
      post: {
        summary: 'A differential, one event a line: rules, item*, withheld*, then done, abstained, failed or off',
        requestBody: body(
          chartRequest.extend({
            question: z.string().optional(),
            clinicianDifferential: z.array(z.string()).optional(),
          }),
        ),
        responses: {
          200: answer(
            'An item; the other events are described in the contract',
            answers.consultItem,
            'application/x-ndjson',
          ),
          ...refusals(400, 401, 403, 412),
        },
      },
    },
    '/what-if': {
      post: {
        summary: 'The guards and the equations again on a changed chart',
        requestBody: body(chartRequest.extend({ changes: z.array(z.looseObject({ do: z.string() })).min(1) })),
        responses: {
          200: answer('Before, after, and the difference', answers.whatIfAnswer),
          ...refusals(400, 401, 403, 412),
        },
      },
    },
    '/trials': {
      post: {
        summary: 'Which trials a chart fits, criterion by criterion: met, not met, unknown, and what would settle it',
        requestBody: body(chartRequest.extend({ trials: z.array(z.string()).optional() })),
        responses: {
          200: answer('The trials, those it fits first', answers.trialsAnswer),
          ...refusals(400, 401, 403, 404, 412),
        },
      },
    },
    '/worklist': {
      post: {
        summary: 'Encounters in progress, the most urgent first, each with its why; ask again as vital signs arrive',
        requestBody: body(worklistRequest),
        responses: { 200: answer('The list', worklistAnswer), ...refusals(400, 401, 403, 412, 503) },
      },
    },
    '/calculators': {
      get: {
        summary: 'The published equations, their inputs and citations',
        responses: { 200: { description: 'The list' } },
      },
    },
    '/calculators/{id}': {
      post: {
        summary: 'A published equation, from given inputs or filled from a chart',
        parameters: [id('id')],
        requestBody: body(z.looseObject({ inputs: z.record(z.string(), z.unknown()).optional() })),
        responses: { 200: answer('The result', answers.calculatorAnswer), ...refusals(400, 404, 412, 422) },
      },
    },
    '/why/{uuid}': {
      get: {
        summary: 'Why a card was shown: rule, condition tree with values, evidence, gaps',
        parameters: [id('uuid')],
        responses: { 200: { description: 'The tree' }, ...refusals(401, 403, 404) },
      },
    },
    '/summary': {
      post: {
        summary: 'A record summary, sentence by sentence with its evidence',
        requestBody: body(chartRequest),
        responses: { 200: { description: 'Sections' }, ...refusals(400, 401, 403, 412) },
      },
    },
    '/discharge-summary': {
      post: {
        summary: 'A draft of a discharge summary; nothing is filed',
        requestBody: body(chartRequest),
        responses: { 200: { description: 'Sections' }, ...refusals(400, 401, 403, 412) },
      },
    },
    '/ask': {
      post: {
        summary: 'A question to the chart',
        requestBody: body(chartRequest.extend({ question: z.string() })),
        responses: { 200: { description: 'Sentences with their evidence' }, ...refusals(400, 401, 403, 412) },
      },
    },
    '/hl7v2': {
      post: {
        summary: 'An HL7 v2 message (ORM, OMP, RDE, ADT, ORU): the cards of its hook, and what could not be mapped',
        requestBody: { required: true, content: { 'text/plain': { schema: { type: 'string' } } } },
        responses: {
          200: answer('Cards; notMapped and notKnown beside them', answers.hookAnswer),
          ...refusals(400, 401, 413),
        },
      },
    },
    '/ccda': {
      post: {
        summary: 'A C-CDA document: the cards of patient-view, and what could not be mapped',
        requestBody: { required: true, content: { 'application/xml': { schema: { type: 'string' } } } },
        responses: {
          200: answer('Cards; notMapped and notKnown beside them', answers.hookAnswer),
          ...refusals(400, 401, 413),
        },
      },
    },
    '/mcp': {
      post: {
        summary: 'The same contract for agents: Model Context Protocol, one JSON-RPC message a request',
        requestBody: body(z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string() })),
        responses: {
          200: { description: 'A JSON-RPC answer' },
          202: { description: 'A notification was taken' },
          ...refusals(400, 401, 413, 415),
        },
      },
    },
    '/audit': {
      get: {
        summary: 'The ledger as FHIR AuditEvents (BALP), the newest first; link[next] leads on. For an auditor',
        security: [{ auditor: [] }],
        parameters: [
          query('patient', 'A patient’s id, or Patient/id'),
          dates,
          query('_count', 'So many at most: 50, up to 500'),
          query('before', 'Only records before this number; link[next] holds it'),
        ],
        responses: {
          200: text('A Bundle of the type searchset', 'application/fhir+json'),
          ...refusals(400, 401, 403, 503),
        },
      },
    },
    '/audit/verify': {
      get: {
        summary: 'Walks the whole chain: every hash, every number, every signature. For an auditor',
        security: [{ auditor: [] }],
        responses: {
          200: answer('Whether it holds, and where it does not', answers.verifiedAnswer),
          ...refusals(401, 403, 503),
        },
      },
    },
    '/audit/export': {
      get: {
        summary: 'The records themselves, the oldest first, one JSON a line. For an auditor',
        security: [{ auditor: [] }],
        parameters: [dates],
        responses: { 200: text('The records', 'application/x-ndjson'), ...refusals(400, 401, 403, 503) },
      },
    },
    '/audit/replay': {
      post: {
        summary: 'An old card from its record and the chart that is brought along. For an auditor or an informaticist',
        security: [{ auditor: [] }],
        requestBody: body(
          z.object({
            record: z.number().int().positive().optional(),
            card: z.uuid().optional(),
            request: chartRequest,
          }),
        ),
        responses: {
          200: answer('Each card as it would be today, and what differs', answers.replayedAnswer),
          ...refusals(400, 401, 403, 404, 413, 415, 503),
        },
      },
    },
    '/quality': {
      get: {
        summary: 'What became of each rule’s cards, with its action rate. For an informaticist',
        security: [{ auditor: [] }],
        parameters: [
          query('from', 'A day'),
          query('until', 'A day, not itself counted'),
          query('format', 'csv for a table'),
        ],
        responses: { 200: answer('The rules', answers.qualityAnswer), ...refusals(400, 401, 403, 503) },
      },
    },
    '/source-attributes.json': {
      get: {
        summary: 'The source attributes of every rule and of the model, as 45 CFR 170.315(b)(11) names them',
        security: [],
        responses: { 200: { description: 'The attributes' } },
      },
    },
    '/model-card.json': {
      get: {
        summary: 'The model card of the generated text',
        security: [],
        responses: { 200: { description: 'The card' } },
      },
    },
    '/openapi.json': {
      get: { summary: 'This description', security: [], responses: { 200: { description: 'OpenAPI 3.1' } } },
    },
    '/health': { get: { summary: 'Is the process alive?', security: [], responses: { 200: { description: 'Yes' } } } },
    '/ready': {
      get: {
        summary: 'Can it answer?',
        security: [],
        responses: { 200: { description: 'Yes' }, 503: { description: 'No; why says what is missing' } },
      },
    },
  },
});
