import { awsTypes, documented, type PolicyRule } from '../policy-rule';

/** A database has no address on the internet. */
export const databaseIsNotPublic: PolicyRule = {
  id: 'database-is-not-public',
  title: 'a database is not reached from the internet',
  sources: [
    documented(awsTypes, 'rds.Instance, rds.ClusterInstance, redshift.Cluster: publiclyAccessible'),
  ],
  types: [
    'aws:rds:Instance',
    'aws:rds:ClusterInstance',
    'aws:docdb:ClusterInstance',
    'aws:neptune:ClusterInstance',
    'aws:redshift:Cluster',
    'aws:redshiftserverless:Workgroup',
  ],
  *check({ props }) {
    if (props.publiclyAccessible !== true) return;
    yield { because: 'publiclyAccessible: true', fix: 'publiclyAccessible: false' };
  },
};
