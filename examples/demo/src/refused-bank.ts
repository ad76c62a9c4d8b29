import { auditTree, LogSink } from '@manara/constructs';
import { bank, bankZone, existingStores } from '@manara/example-uae-bank';
import type { Violation } from '@manara/residency';
import { App } from 'cdk8s';

/** The bank, but for one line: its logs go to Datadog in Germany. */
export function refusedBank(): App {
  const app = new App();
  const stores = existingStores({
    modelBucket: 's3://bank-models-me-central-1',
    modelReaderRole: 'arn:aws:iam::111122223333:role/model-reader',
    modelCopyRole: 'arn:aws:iam::111122223333:role/model-copier',
    awsRegistry: '111122223333.dkr.ecr.me-central-1.amazonaws.com/serving',
    azureRegistry: 'bankserving.azurecr.io/serving',
  });
  bank(bankZone(app), stores, {
    // @ts-expect-error The compiler refuses it first: Type '"gcp:europe-west3"' is not a BankPlace.
    logs: new LogSink({ place: 'gcp:europe-west3', uri: 'https://http-intake.logs.datadoghq.eu' }),
  });
  return app;
}

/** @throws Error where nothing is refused: then the check itself is broken */
export function violations(app: App): readonly [Violation, ...Violation[]] {
  const [first, ...others] = auditTree(app).flatMap((audit) => audit.violations);
  if (first === undefined) throw new Error('logs in Germany were not refused');
  return [first, ...others];
}
