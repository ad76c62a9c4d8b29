import type { RouteName } from '../routes';
import type { ApiFeature } from './facts';
import { batchBody, jobResultContent, pageParameters, uploadParameters } from './jobs';
import { type JsonObject, schemaRef } from './json-schema';

/**
 * Every request can be no HTTP, come too slowly, have too large headers, or meet a fault of ours; and,
 * where the server asks who calls, come from nobody that it knows, may not be, or come too often.
 */
const always = [400, 401, 403, 408, 429, 431, 500] as const;

/** What is answered that is no error: its schema by status. */
type Answers = Readonly<Record<number, string>>;

/** Answers that are more than JSON of one schema. */
export const otherAnswers: Readonly<Record<string, JsonObject>> = {
  Page: { 'text/html; charset=utf-8': { schema: { type: 'string' } } },
  JobResult: jobResultContent,
};

/** A route as the document has it. Schemas go by their names. */
export interface Operation {
  readonly tag: 'Server' | 'Models' | 'Inference' | 'Repository' | 'Jobs';
  readonly summary: string;
  readonly answers: Answers;
  /** Statuses of errors besides those that every route has. */
  readonly errors: readonly number[];
  /** @default - none is read */
  readonly body?: JsonObject;
  /** Besides those of the path. @default - none */
  readonly parameters?: readonly JsonObject[];
  /** What has to be on for it. @default - nothing */
  readonly needs?: ApiFeature;
}

type Inferring = 'modelInfer' | 'modelVersionInfer';

function optional(schema: string): JsonObject {
  return { content: { 'application/json': { schema: schemaRef(schema) } } };
}

function required(schema: string): JsonObject {
  return { required: true, ...optional(schema) };
}

/** Statuses by which an idempotency key refuses what it repeats, or the store of answers does. */
const repeated = [409, 422, 503, 507] as const;

const metadata: Operation = {
  tag: 'Models',
  summary: 'What a model takes and gives',
  answers: { 200: 'ModelMetadata' },
  errors: [404, 503],
};

const ready: Operation = {
  tag: 'Models',
  summary: 'Whether a model answers requests',
  answers: { 200: 'ModelReady', 404: 'ModelNotReady', 503: 'ModelNotReady' },
  errors: [],
};

const config: Operation = {
  tag: 'Models',
  summary: "A model's configuration as it is in force",
  answers: { 200: 'ModelConfig' },
  errors: [404, 503],
};

const statistics: Operation = {
  tag: 'Models',
  summary: 'Counts and times of the versions that answer',
  answers: { 200: 'ModelStatistics' },
  errors: [404, 503],
};

const explanation: Operation = {
  tag: 'Inference',
  summary: 'What each feature of the rows of a request adds to the answer (docs/explain.md)',
  answers: { 200: 'Explanation' },
  errors: [404, 406, 413, 415, 501, 504, ...repeated],
  body: required('ExplanationRequest'),
};

const batch: Operation = {
  tag: 'Jobs',
  summary: 'Runs a file of rows as a job (docs/jobs.md)',
  answers: { 202: 'Job' },
  errors: [404, 409, 413, 415, 422, 501, 503, 507],
  body: batchBody,
  parameters: uploadParameters,
  needs: 'batches',
};

/** Every route but those of inference, which each model has of its own. */
export const operations: Readonly<Record<Exclude<RouteName, Inferring>, Operation>> = {
  serverMetadata: {
    tag: 'Server',
    summary: 'Name, version and protocol extensions',
    answers: { 200: 'ServerMetadata' },
    errors: [],
  },
  openapi: {
    tag: 'Server',
    summary: 'This document',
    answers: { 200: 'Document' },
    errors: [],
  },
  status: {
    tag: 'Server',
    summary: 'What the server does now: its models, their last minute, what failed of late',
    answers: { 200: 'Status' },
    errors: [503],
  },
  statusPage: {
    tag: 'Server',
    summary: 'The same, for people',
    answers: { 200: 'Page' },
    errors: [],
  },
  profile: {
    tag: 'Server',
    summary: 'Watches a version for some seconds and times its operators (adminRoutes)',
    answers: { 200: 'Profile' },
    errors: [404, 413, 415, ...repeated],
    body: required('ProfileRequest'),
    needs: 'administration',
  },
  serverLive: {
    tag: 'Server',
    summary: 'Whether the process answers',
    answers: { 200: 'ServerLive' },
    errors: [],
  },
  serverReady: {
    tag: 'Server',
    summary: 'Whether every model that is to answer does',
    answers: { 200: 'ServerReady', 503: 'ServerReady' },
    errors: [],
  },
  modelMetadata: metadata,
  modelVersionMetadata: metadata,
  modelReady: ready,
  modelVersionReady: ready,
  modelConfig: config,
  modelVersionConfig: config,
  statistics: { ...statistics, errors: [] },
  modelStatistics: statistics,
  modelVersionStatistics: statistics,
  repositoryIndex: {
    tag: 'Repository',
    summary: 'Every model of the repository with the state of its versions',
    answers: { 200: 'RepositoryIndex' },
    errors: [413, 415, 503],
    body: optional('RepositoryIndexRequest'),
  },
  repositoryModelLoad: {
    tag: 'Repository',
    summary: 'Brings a model to what its folder holds now (model-control-mode explicit)',
    answers: { 200: 'Done' },
    errors: [404, 413, 415, ...repeated],
    body: optional('RepositoryLoadRequest'),
    needs: 'control',
  },
  repositoryModelUnload: {
    tag: 'Repository',
    summary:
      'Unloads every version of a model, after the requests in hand (model-control-mode explicit)',
    answers: { 200: 'Done' },
    errors: [404, 413, 415, ...repeated],
    body: optional('RepositoryUnloadRequest'),
    needs: 'control',
  },
  modelFeedback: {
    tag: 'Inference',
    summary: 'What became of a prediction, by the id of its request (docs/variants.md)',
    answers: { 200: 'Feedback' },
    errors: [404, 413, 415, ...repeated],
    body: required('FeedbackRequest'),
    needs: 'feedback',
  },
  modelExplain: explanation,
  modelVersionExplain: explanation,
  modelBatch: batch,
  modelVersionBatch: batch,
  jobs: {
    tag: 'Jobs',
    summary: "The caller's jobs",
    answers: { 200: 'Jobs' },
    errors: [501, 503],
    parameters: pageParameters,
    needs: 'jobs',
  },
  job: {
    tag: 'Jobs',
    summary: 'How a job stands',
    answers: { 200: 'Job' },
    errors: [404, 501, 503],
    needs: 'jobs',
  },
  jobResult: {
    tag: 'Jobs',
    summary: 'What a job came to: the answer of an inference, or a file',
    answers: { 200: 'JobResult' },
    errors: [404, 406, 409, 410, 413, 415, 501, 503, 504],
    needs: 'jobs',
  },
  jobCancel: {
    tag: 'Jobs',
    summary: 'Cancels a job that is not over',
    answers: { 200: 'Job' },
    errors: [404, 410, 501, ...repeated],
    needs: 'jobs',
  },
};

/** Statuses of an inference that is not answered. */
export const inferenceErrors: readonly number[] = [
  404, 406, 409, 413, 415, 422, 501, 503, 504, 507,
];

/** All statuses of errors that a route may answer with, ascending. */
export function errorStatuses(own: readonly number[]): readonly number[] {
  return [...always, ...own].sort((a, b) => a - b);
}
