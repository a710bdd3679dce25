import { useEffect } from 'preact/hooks';
import { usePlace, type Place } from './router.ts';
import { Find } from './views/find.tsx';
import { RoleHolders } from './views/role-holders.tsx';
import { Home } from './views/home.tsx';
import { Members } from './views/members.tsx';
import { SyncView } from './views/sync.tsx';
import { SpeechContext, useSpeech, type Speech } from './words/locale.ts';

function View({ place }: { place: Place }) {
  switch (place.path) {
    case '/featured-authors':
      return <RoleHolders key="author" role="author" place={place} />;
    case '/admins':
      return <RoleHolders key="admin" role="admin" place={place} />;
    case '/members':
      return <Members place={place} />;
    case '/find':
      return <Find place={place} />;
    case '/sync':
      return <SyncView />;
    default:
      return <Home />;
  }
}

function Navigation() {
  const { nav } = useSpeech().words;
  return (
    <s-app-nav>
      <s-link href="/featured-authors">{nav.authors}</s-link>
      <s-link href="/admins">{nav.admins}</s-link>
      <s-link href="/members">{nav.members}</s-link>
      <s-link href="/find">{nav.find}</s-link>
      <s-link href="/sync">{nav.sync}</s-link>
    </s-app-nav>
  );
}

export function App({ speech }: { speech: Speech }) {
  const place = usePlace();
  useEffect(() => void (document.documentElement.lang = speech.language), [speech]);
  return (
    <SpeechContext.Provider value={speech}>
      <Navigation />
      <View place={place} />
    </SpeechContext.Provider>
  );
}
