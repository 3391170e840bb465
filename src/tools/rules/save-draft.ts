import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a draft beside the rules, where no server reads it: somebody has to move it, check it and commit it. */
export const saveDraftIn =
  (folder: string) =>
  async (id: string, text: string): Promise<string> => {
    await mkdir(join(folder, 'drafts'), { recursive: true });
    await writeFile(join(folder, 'drafts', `${id}.json`), text);
    return `rules/drafts/${id}.json`;
  };
