import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import type { User } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import type { Role } from '../words/words.ts';
import { nameOf } from './person.ts';
import { leadsToAdmin, ReopenButton } from './reauthorize.tsx';
import { useProblemText } from './states.tsx';

/** A change of a role that is to be confirmed. */
export interface RoleIntent {
  readonly user: User;
  readonly role: Role;
  readonly give: boolean;
}

interface RoleDialogProps {
  readonly intent: RoleIntent | undefined;
  readonly onClose: () => void;
  /** Called with the stored person, who may not have the role yet. */
  readonly onDone: (user: User) => void;
}

/** Confirms a change of a role. If it fails, the dialog stays open and says why in place of what it would do. */
export function RoleDialog({ intent, onClose, onDone }: RoleDialogProps) {
  const { words } = useSpeech();
  const modal = useRef<HTMLElementTagNameMap['s-modal']>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const toText = useProblemText();

  useEffect(() => {
    setProblem(undefined);
    if (intent !== undefined) modal.current?.showOverlay();
  }, [intent]);

  const { roles } = words;
  const role = intent?.role ?? 'author';
  const give = intent?.give ?? true;
  const name = (intent && nameOf(intent.user)) ?? roles.somebody;

  async function confirm(): Promise<void> {
    if (intent === undefined || sending) return;
    setSending(true);
    try {
      const field = role === 'admin' ? { is_admin: give } : { is_featured_author: give };
      const user = await api.setRoles(intent.user.user_id, field);
      modal.current?.hideOverlay();
      shopify.toast.show(user.pending ? roles.pending(name) : (give ? roles.given : roles.taken)[role](name));
      onDone(user);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem('unreadable'));
    } finally {
      setSending(false);
    }
  }

  return (
    <s-modal
      ref={modal}
      heading={(give ? roles.giveQuestion : roles.takeQuestion)[role](name)}
      onHide={onClose}
    >
      <s-stack gap="base">
        {problem === undefined ? (
          <s-paragraph>{(give ? roles.giveMeaning : roles.takeMeaning)[role]}</s-paragraph>
        ) : (
          <s-banner tone="critical" heading={words.problem.actionFailed}>
            <s-paragraph>{toText(problem)}</s-paragraph>
            {leadsToAdmin(problem) && <ReopenButton />}
          </s-banner>
        )}
      </s-stack>
      <s-button
        slot="primary-action"
        variant="primary"
        tone={give ? 'auto' : 'critical'}
        loading={sending}
        onClick={() => void confirm()}
      >
        {(give ? roles.give : roles.takeLong)[role]}
      </s-button>
      <s-button slot="secondary-actions" onClick={() => modal.current?.hideOverlay()}>
        {words.common.cancel}
      </s-button>
    </s-modal>
  );
}
