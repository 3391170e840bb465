import type { Command } from '../rules.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';

export async function checkCommand({ folder, args, print }: Command): Promise<number> {
  const files = selectFiles(folder, args);
  if (files.length === 0) {
    print(`No rule files match ${args.join(', ') || folder}.`);
    return 2;
  }
  const { rules, problems } = checkFiles(files, loadTerminology(folder), new Date());
  for (const { path, line, level, message } of problems) print(`${path}:${line}  ${level}: ${message}`);
  const errors = problems.filter(({ level }) => level === 'error').length;
  print(`${rules.length} of ${files.length} rules can be read, ${errors} errors, ${problems.length - errors} warnings`);
  return errors > 0 ? 1 : 0;
}
