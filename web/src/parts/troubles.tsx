import type { SyncStatus } from '../answers.ts';
import { toAddress } from '../router.ts';
import { troublesOf, type Trouble } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';

function useTroubleText(): (trouble: Trouble) => string {
  const { words, formats } = useSpeech();
  const { home, sync: text } = words;
  return (trouble) => {
    switch (trouble.kind) {
      case 'attention': {
        const { code, deadline, count } = trouble.attention;
        const reason = home.reasons[code] ?? home.otherReason;
        if (count !== null) return `${reason}: ${formats.number(count)}`;
        return deadline === null ? reason : `${reason}: ${home.dueBy(formats.day(deadline))}`;
      }
      case 'dead_letters':
        return `${text.deadLettersHeading}: ${formats.number(trouble.count)}`;
      case 'differences':
        return `${text.differencesHeading}: ${formats.number(trouble.count)}`;
      case 'incomplete':
        return `${text.fullHeading}: ${text.incomplete}`;
    }
  };
}

const SYNC = '/sync';

/** Where it is resolved; undefined: not on this page. */
function addressOf(trouble: Trouble): string | undefined {
  if (trouble.kind !== 'attention') return SYNC;
  const { user_id: userId, code } = trouble.attention;
  if (userId !== null) return toAddress('/find', { q: userId });
  return code === 'removals_unconfirmed' ? SYNC : undefined;
}

/** What needs the merchant, each with the way to where it is resolved. */
export function Troubles({ sync }: { sync: SyncStatus }) {
  const { home } = useSpeech().words;
  const toText = useTroubleText();
  const troubles = troublesOf(sync);
  if (troubles.length === 0) return null;
  return (
    <s-section heading={home.attentionHeading}>
      <ul class="troubles">
        {troubles.map((trouble, place) => {
          const text = toText(trouble);
          const href = addressOf(trouble);
          return (
            // Two may have the same text, so the key includes the index.
            <li key={`${place} ${text}`}>
              <s-text>{text}</s-text>
              {href !== undefined && <s-link href={href}>{href === SYNC ? home.lookSync : home.look}</s-link>}
            </li>
          );
        })}
      </ul>
    </s-section>
  );
}
