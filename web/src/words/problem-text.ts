import type { Problem } from '../api.ts';
import type { Words } from './words.ts';

/** Says what happened, whether anything was changed, and what to do. */
export function toProblemText(
  { problem: words }: Pick<Words, 'problem'>,
  { code, permissions }: Pick<Problem, 'code' | 'permissions'>,
): string {
  const { codes, offline, unreadable } = words;
  if (code === 'offline') return offline;
  if (code === 'permission_missing')
    return words.permissionMissing(
      permissions.map((scope) => words.quoted(words.permissions[scope] ?? scope)).join(', '),
    );
  const sentences: Readonly<Record<string, string>> = codes;
  return sentences[code] ?? unreadable;
}
