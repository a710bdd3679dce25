import type { SyncStatus } from '../answers.ts';
import { toAddress } from '../router.ts';
import { troublesOf, type Trouble } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';

function useTroubleText(): (trouble: Trouble) => string {
  const { words, formats } = useSpeech();
  const { home, sync: text } = words;
  return (trouble) => {
    switch (trouble.kind) {
      case 'person': {
        const { code, message, deadline } = trouble.attention;
        const reason = home.reasons[code] ?? message;
        return deadline === null ? reason : `${reason}: ${home.dueBy(formats.day(deadline))}`;
      }
      case 'dead_letters':
        return `${text.deadLettersHeading}: ${formats.number(trouble.count)}`;
      case 'drift':
        return `${text.driftOpen}: ${formats.number(trouble.count)}`;
      case 'certificate':
        return `${text.certificateHeading}: ${text.incomplete}`;
    }
  };
}

/** What needs attention, each with a link to where it is resolved. */
export function Troubles({ sync }: { sync: SyncStatus }) {
  const { home } = useSpeech().words;
  const toText = useTroubleText();
  const troubles = troublesOf(sync);
  if (troubles.length === 0) return null;
  return (
    <s-section heading={home.attentionHeading}>
      <ul class="troubles">
        {troubles.map((trouble, place) => {
          const userId = trouble.kind === 'person' ? trouble.attention.user_id : null;
          const text = toText(trouble);
          return (
            // Two may have the same text, so the key includes the index.
            <li key={`${place} ${text}`}>
              <s-text>{text}</s-text>
              {trouble.kind === 'person' && userId === null ? null : (
                <s-link href={userId === null ? '/sync' : toAddress('/find', { q: userId })}>
                  {userId === null ? home.lookSync : home.look}
                </s-link>
              )}
            </li>
          );
        })}
      </ul>
    </s-section>
  );
}
