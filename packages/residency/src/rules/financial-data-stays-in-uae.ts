import { localisationRule } from './shared/localisation-rule';

/**
 * Consumer and transaction data of an institution that the Central Bank licenses is held and stored in
 * the UAE: Consumer Protection Standards 6.1.6.3, and Outsourcing Regulation C14/2021, Art 6.1 (Master
 * System of Record) and 6.3 (sharing abroad needs the Central Bank's approval and the consumer's
 * written consent). That two-key exception is not modelled: a flow that rests on it is still refused.
 */
export const financialDataStaysInUae = localisationRule({
  id: 'financial-data-stays-in-uae',
  title: 'financial consumer and transaction data is held and stored in the UAE',
  sources: [
    {
      title: 'CBUAE Consumer Protection Standards, 6.1.6.3',
      where: 'cbuae.thomsonreuters.com',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title: 'CBUAE Outsourcing Regulation C14/2021, Arts 6.1 and 6.3',
      where: 'cbuae.thomsonreuters.com',
      standing: 'primary',
      read: '2026-11-22',
    },
  ],
  dataClass: 'financial',
  subject: 'financial consumer data',
  forbids: 'held or shared',
  fix: "move it to a place in the UAE; sharing abroad needs the Central Bank's approval and the consumer's written consent, which are not modelled",
});
