import { App } from 'cdk8s';
import { bank } from './bank';
import { existingStores } from './stores';
import { bankZone } from './zone';

/** The tree, with the addresses written out: for `manara` and `cdk8s synth`. */
export const app = new App();
bank(
  bankZone(app),
  existingStores({
    modelBucket: 's3://bank-models-me-central-1',
    modelReaderRole: 'arn:aws:iam::111122223333:role/model-reader',
    modelCopyRole: 'arn:aws:iam::111122223333:role/model-copier',
    awsRegistry: '111122223333.dkr.ecr.me-central-1.amazonaws.com/serving',
    azureRegistry: 'bankserving.azurecr.io/serving',
  }),
);

if (require.main === module) app.synth();
