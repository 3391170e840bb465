import { defineService } from '../src/service.ts';

export default defineService({
  id: 'chart-review',
  hooks: ['patient-view', 'encounter-start'],
  title: 'Chart review',
  description:
    'What needs attention on this chart today: deterioration and sepsis, dangerous results for the drugs taken, overdue monitoring, diabetes, mood questionnaires, care that is due. At most three cards; none on a chart in order.',
  usageRequirements:
    'Vital signs and results of today make deterioration visible; procedures and immunizations are needed before anything is called due.',
  required: ['patient'],
  helpful: [
    'medications',
    'pastMedications',
    'allergies',
    'problems',
    'labs',
    'vitals',
    'surveys',
    'socialHistory',
    'encounters',
    'procedures',
    'serviceRequests',
    'diets',
    'immunizations',
  ],
  cardLimit: 3,
});
