import type { TypedContents } from '../protocol/tensor';

/** The protocol's messages as proto-loader decodes them with the options in `definitions.ts`. */
export interface ModelRef {
  readonly name: string;
  readonly version: string;
}

export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface ParameterValue {
  /** Name of the field that is set. */
  readonly parameter_choice?: string;
  readonly bool_param?: boolean;
  readonly int64_param?: string;
  readonly uint64_param?: string;
  readonly string_param?: string;
  readonly double_param?: number;
}

export interface InferInput {
  readonly name: string;
  readonly datatype: string;
  /** Texts where proto-loader decoded it, which keep every digit. */
  readonly shape: readonly (string | number)[];
  readonly parameters: Parameters;
  readonly contents: TypedContents | null;
}

export interface ModelInferRequest {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters: Parameters;
  readonly inputs: readonly InferInput[];
  readonly outputs: readonly { readonly name: string; readonly parameters: Parameters }[];
  readonly raw_input_contents: readonly Buffer[];
}

export interface InferOutput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly contents?: Readonly<Record<string, readonly unknown[]>>;
}

export interface ModelInferResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters?: Parameters;
  readonly outputs: readonly InferOutput[];
  readonly raw_output_contents: readonly Buffer[];
}

export interface StreamInferResponse {
  readonly error_message: string;
  readonly infer_response?: ModelInferResponse;
}

export interface RepositoryRequest {
  readonly repository_name: string;
  readonly model_name: string;
  readonly parameters: Parameters;
}
