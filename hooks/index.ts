// The list of CDS services. To add one: a file here, a line here, a test in test/hooks/.
import chartReview from './chart-review.ts';
import discharge from './discharge.ts';
import dispatchCheck from './dispatch-check.ts';
import medicationSafety from './medication-safety.ts';
import perioperative from './perioperative.ts';
import recordCheck from './record-check.ts';

export const services = [medicationSafety, chartReview, perioperative, discharge, recordCheck, dispatchCheck];
