import type { Source } from '../../source';
import type { PlaceFact } from '../place-fact';

/**
 * Alibaba Cloud regions that its documentation was read for; closed ones are left out. Many share a
 * name with an AWS region elsewhere: `eu-west-1` is London here and Ireland there.
 */
export const alibabaPlaces = {
  'alibaba:ap-northeast-1': { country: 'JP', name: 'Japan (Tokyo)' },
  'alibaba:ap-northeast-2': { country: 'KR', name: 'South Korea (Seoul)' },
  'alibaba:ap-southeast-1': { country: 'SG', name: 'Singapore' },
  'alibaba:ap-southeast-3': { country: 'MY', name: 'Malaysia (Kuala Lumpur)' },
  'alibaba:ap-southeast-5': { country: 'ID', name: 'Indonesia (Jakarta)' },
  'alibaba:ap-southeast-6': { country: 'PH', name: 'Philippines (Manila)' },
  'alibaba:ap-southeast-7': { country: 'TH', name: 'Thailand (Bangkok)' },
  'alibaba:cn-beijing': { country: 'CN', name: 'China (Beijing)' },
  'alibaba:cn-chengdu': { country: 'CN', name: 'China (Chengdu)' },
  'alibaba:cn-guangzhou': { country: 'CN', name: 'China (Guangzhou)' },
  'alibaba:cn-hangzhou': { country: 'CN', name: 'China (Hangzhou)' },
  'alibaba:cn-heyuan': { country: 'CN', name: 'China (Heyuan)' },
  'alibaba:cn-hongkong': { country: 'HK', name: 'China (Hong Kong)' },
  'alibaba:cn-huhehaote': { country: 'CN', name: 'China (Hohhot)' },
  'alibaba:cn-qingdao': { country: 'CN', name: 'China (Qingdao)' },
  'alibaba:cn-shanghai': { country: 'CN', name: 'China (Shanghai)' },
  'alibaba:cn-shenzhen': { country: 'CN', name: 'China (Shenzhen)' },
  'alibaba:cn-wulanchabu': { country: 'CN', name: 'China (Ulanqab)' },
  'alibaba:cn-zhangjiakou': { country: 'CN', name: 'China (Zhangjiakou)' },
  'alibaba:eu-central-1': { country: 'DE', name: 'Germany (Frankfurt)' },
  'alibaba:eu-west-1': { country: 'GB', name: 'UK (London)' },
  'alibaba:me-central-1': { country: 'SA', name: 'Saudi Arabia (Riyadh)' },
  'alibaba:me-east-1': { country: 'AE', name: 'UAE (Dubai)' },
  'alibaba:us-east-1': { country: 'US', name: 'US (Virginia)' },
  'alibaba:us-west-1': { country: 'US', name: 'US (Silicon Valley)' },
} as const satisfies Readonly<Record<`alibaba:${string}`, PlaceFact>>;

export const alibabaSources: readonly Source[] = [
  {
    title: 'Elastic Compute Service, Endpoints (updated 2026-01-12), and Region IDs',
    where: 'alibabacloud.com',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'ApsaraVideo Live, Endpoints: me-central-1 is Saudi Arabia (Riyadh)',
    where: 'alibabacloud.com',
    standing: 'primary',
    read: '2026-11-22',
  },
];
