import { defineService } from '../src/service.ts';

export default defineService({
  id: 'chart-review',
  hooks: ['patient-view', 'encounter-start'],
  title: 'Chart review',
  description: 'What needs attention on this chart today: dangerous results for the drugs taken, overdue monitoring, deterioration. At most three cards; none on a chart in order.',
  required: ['patient'],
  helpful: ['medications', 'pastMedications', 'allergies', 'problems', 'labs', 'vitals', 'surveys', 'socialHistory', 'encounters', 'procedures'],
  cardLimit: 3,
});
