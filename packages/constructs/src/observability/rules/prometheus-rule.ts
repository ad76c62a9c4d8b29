import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Labels } from '../../peer';
import { type Alert, type AlertContext, alertRule, type Recording } from './alert';

export interface RuleObject extends AlertContext {
  readonly name: string;
  readonly objectLabels: Labels;
  readonly recordings: readonly Recording[];
  readonly alerts: readonly Alert[];
}

/** Recordings and alerts as an object of the Prometheus Operator. */
export function addRules(scope: Construct, rules: RuleObject): void {
  const { name, objectLabels, recordings, alerts } = rules;
  const rule: IPrometheusRule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, labels: { ...objectLabels } },
    spec: {
      groups: [
        ...(recordings.length === 0
          ? []
          : [
              {
                name: `${name}-recordings`,
                rules: recordings.map(({ record, expr }) => ({ record, expr })),
              },
            ]),
        { name: `${name}-alerts`, rules: alerts.map((alert) => alertRule(alert, rules)) },
      ],
    },
  };
  new ApiObject(scope, 'rules', rule);
}
