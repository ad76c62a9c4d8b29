import { Cluster } from '@pulumi/aws/eks';
import { StorageAccount } from '@pulumi/azure-native/storage';

/** What the compiler would refuse, past a cast. */
export const misfits = {
  aws: (): void => {
    const subnetIds = [7] as unknown as string[];
    const roleArn = 'arn:aws:iam::111122223333:role/cluster';
    new Cluster('dubai', { roleArn, vpcConfig: { subnetIds } });
  },
  azure: (): void => {
    new StorageAccount('models', {
      resourceGroupName: 'serving',
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      accessTier: 'Warm' as 'Hot',
    });
  },
};
