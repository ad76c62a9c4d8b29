/**
 * Operators whose time depends on the shapes of what they are given, and not on its values. What
 * expands, repeats or loops as often as a value says is not among them, and neither is what nobody
 * has looked at. Source: ONNX operators 1.20 and ai.onnx.ml 5, com.microsoft; read 2026-11.
 */
export const steadyOperators: ReadonlySet<string> = new Set(
  `
  Abs Acos Add And ArgMax ArgMin Asin Atan BatchNormalization Cast Ceil Celu Clip Concat Constant Conv
  Cos DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Flatten Floor Gather
  GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish
  Identity InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
  MatMul MatMulInteger Max MaxPool Mean Min Mish Mod Mul Neg Not Or PRelu Pow QLinearConv QLinearMatMul
  QuantizeLinear Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
  ReduceSum ReduceSumSquare Relu Reshape Round Selu Shape Sigmoid Sign Sin Slice Softmax Softplus Softsign
  Sqrt Squeeze Sub Sum Tanh ThresholdedRelu TopK Transpose Unsqueeze Where Xor
  ArrayFeatureExtractor Binarizer FeatureVectorizer Imputer LabelEncoder LinearClassifier LinearRegressor
  Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble TreeEnsembleClassifier
  TreeEnsembleRegressor
  BiasGelu FastGelu FusedGemm FusedMatMul QGemm SkipLayerNormalization
  `
    .trim()
    .split(/\s+/),
);
