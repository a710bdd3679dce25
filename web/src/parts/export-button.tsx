import { useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import { useSpeech } from '../words/locale.ts';
import { useProblemText } from './states.tsx';

/** Downloads a file with the session token, which a plain link does not send. */
async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await api.file(path));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  // In a later task: the click has started the download by then.
  setTimeout(() => URL.revokeObjectURL(url));
}

interface ExportButtonProps {
  readonly path: string;
  readonly name: string;
}

export function useDownload(): {
  readonly busy: boolean;
  readonly start: (path: string, name: string) => Promise<void>;
} {
  const { words } = useSpeech();
  const toText = useProblemText();
  const [busy, setBusy] = useState(false);
  return {
    busy,
    async start(path, name) {
      setBusy(true);
      try {
        await download(path, name);
        shopify.toast.show(words.list.exported);
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem('offline');
        shopify.toast.show(toText(problem), { isError: true });
      } finally {
        setBusy(false);
      }
    },
  };
}

export function ExportButton({ path, name }: ExportButtonProps) {
  const { words } = useSpeech();
  const { busy, start } = useDownload();
  return (
    <s-button slot="secondary-actions" icon="export" loading={busy} onClick={() => void start(path, name)}>
      {words.list.export}
    </s-button>
  );
}
