// The discovery document: one entry per service and hook, prefetch templates from the chart parts the service asks for.
import { partDefinitions } from '../chart/parts.ts';
import type { Service } from '../service.ts';

export function discovery(services: readonly Service[]) {
  return {
    services: services.flatMap(({ id, hooks, title, description, usageRequirements, required, helpful }) =>
      hooks.map((hook) => ({
        hook,
        id,
        title,
        description,
        ...(usageRequirements && { usageRequirements }),
        version: '2.0.1',
        prefetch: Object.fromEntries([...required, ...helpful].map((part) => [part, partDefinitions[part].template])),
      })),
    ),
  };
}
