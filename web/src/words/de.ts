import type { Words } from './words.ts';

const people = (n: number, shown: string) => (n === 1 ? '1 Person' : `${shown} Personen`);

export const de: Words = {
  nav: {
    home: 'Übersicht',
    authors: 'Ausgewählte Autoren',
    admins: 'Admins',
    members: 'Mitglieder',
    find: 'Person suchen',
    sync: 'Abgleich',
  },
  common: {
    loading: 'Wird geladen …',
    retry: 'Erneut versuchen',
    cancel: 'Abbrechen',
    none: 'Keine',
    yes: 'Ja',
    no: 'Nein',
    people,
    openInShopify: 'In Shopify öffnen',
    openInShopifyOf: (name) => `In Shopify öffnen: ${name}`,
  },
  problem: {
    heading: 'Das konnte nicht geladen werden',
    offline:
      'Rollcall hat nicht geantwortet. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut: Ist eine Änderung schon gespeichert, schadet das nicht.',
    unreadable:
      'Rollcall hat etwas Unerwartetes geantwortet. Hilft ein neuer Versuch nicht, laden Sie die Seite neu.',
    actionFailed: 'Das hat nicht geklappt',
    codes: {
      body_invalid:
        'Rollcall hat die Anfrage dieser Seite nicht verstanden; es wurde nichts geändert. Laden Sie die Seite neu und versuchen Sie es erneut.',
      cursor_invalid:
        'Diese Seite der Liste gibt es nicht mehr. Es wurde nichts geändert: Öffnen Sie die Liste noch einmal.',
      query_invalid:
        'Rollcall hat nicht verstanden, was gesucht ist. Es wurde nichts geändert: Prüfen Sie die Adresse oder öffnen Sie die Liste noch einmal.',
      reauthorization_needed:
        'Rollcall hat keinen Zugriff mehr auf Ihren Shop; es wurde nichts geändert. Öffnen Sie Rollcall noch einmal, um ihn zu erlauben, und versuchen Sie es dann erneut.',
      app_settings_invalid:
        'Shopify nimmt die eigenen Zugangsdaten von Rollcall nicht an; es wurde nichts geändert. Sagen Sie es dem Betreiber von Rollcall und versuchen Sie es dann erneut.',
      dead_letter_not_found:
        'Diese Änderung wartet nicht mehr: Sie wurde inzwischen übernommen oder ist zu alt. Jetzt wurde nichts geändert.',
      user_not_found:
        'Diese Person steht nicht mehr in der Liste Ihrer Plattform. Es wurde nichts geändert: Suchen Sie sie noch einmal.',
      job_running: 'Rollcall ist schon dabei; es wurde nichts Neues begonnen. Warten Sie, bis es fertig ist.',
      user_not_in_shopify:
        'Shopify hat diesen Kunden nicht; es wurde nichts geändert. Nur Kunden Ihres Shops können hier Rollen haben.',
      roles_changed_meanwhile:
        'Jemand anderes hat diese Person gerade in Shopify geändert; Ihre Änderung wurde nicht gespeichert. Sehen Sie sich die Person noch einmal an und entscheiden Sie dann.',
      item_refused:
        'Es ist in Shopify gespeichert, kann hier aber nicht ankommen: Der Eintrag dieser Person in der Liste Ihrer Plattform ist voll oder beschädigt. Sagen Sie es dem Betreiber von Rollcall.',
      roles_refused:
        'Shopify nimmt diese Änderung nicht an; es wurde nichts geändert. Sagen Sie es dem Betreiber von Rollcall: Im Protokoll steht der Grund.',
      roles_unconfirmed:
        'Shopify hat die Änderung nicht bestätigt; vielleicht ist sie gespeichert, vielleicht nicht. Wenn ja, kommt sie von selbst hier an. Sehen Sie in ein paar Minuten nach oder versuchen Sie es jetzt erneut: Das schadet nicht.',
      admin_api_refused:
        'Shopify lehnt ab, was Rollcall anfragt; es wurde nichts geändert. Bleibt es so, sagen Sie es dem Betreiber von Rollcall.',
      admin_api_too_costly:
        'Shopify hat dafür gerade keinen Platz; es wurde nichts geändert. Versuchen Sie es in einer Minute erneut. Bleibt es so, sagen Sie es dem Betreiber von Rollcall.',
      admin_api_unavailable:
        'Shopify antwortet gerade nicht; es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
      store_failed:
        'Die Liste Ihrer Plattform ist gerade nicht erreichbar; es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
      internal:
        'In Rollcall ist etwas schiefgegangen. Sehen Sie nach, ob Ihre Änderung da ist, bevor Sie es erneut versuchen. Bleibt es so, sagen Sie es dem Betreiber von Rollcall.',
      not_found: 'Hier ist nichts mehr. Es wurde nichts geändert: Laden Sie die Seite neu.',
      other_shop:
        'Dieses Rollcall gehört zu einem anderen Shop; es wurde nichts geändert. Öffnen Sie das, das in Ihrem Shop installiert ist.',
      path_invalid:
        'Diese Adresse ist nicht lesbar. Es wurde nichts geändert: Öffnen Sie die Ansicht über das Menü.',
      session_invalid:
        'Die Anmeldung bei Shopify ist abgelaufen; es wurde nichts geändert. Laden Sie die Seite neu und versuchen Sie es erneut.',
    },
    permissionMissing: (names) =>
      `Rollcall fehlt in Ihrem Shop ${names === '' ? 'eine Berechtigung' : `die Berechtigung ${names}`}; es wurde nichts geändert. Öffnen Sie Rollcall noch einmal und stimmen Sie dem zu, worum Shopify Sie bittet. Bittet es um nichts, sagen Sie es dem Betreiber von Rollcall.`,
    quoted: (name) => `„${name}“`,
    permissions: {
      read_customers: 'Kunden ansehen',
      write_customers: 'Kunden bearbeiten',
      read_customer_merge: 'Zusammengeführte Kunden ansehen',
      read_metaobjects: 'Inhaltseinträge ansehen',
      write_metaobject_definitions: 'Inhaltsdefinitionen bearbeiten',
    },
  },
  person: {
    noName: 'Ohne Namen',
    name: 'Name',
    email: 'E-Mail',
    noEmail: 'Keine E-Mail',
    emailConfirmed: 'E-Mail bestätigt',
    joined: 'Dabei seit',
    membership: 'Mitgliedschaft',
    noMembership: 'Keine Mitgliedschaft',
    planDetails: 'Einzelheiten des Tarifs',
    account: 'Konto',
    roles: 'Rollen',
    action: 'Aktion',
    author: 'Ausgewählter Autor',
    admin: 'Admin',
    active: 'Aktiv',
    states: {
      enabled: 'Konto aktiv',
      invited: 'Eingeladen',
      disabled: 'Kein Konto',
      declined: 'Einladung abgelehnt',
    },
    userId: 'ID in Ihrer Plattform',
    shopifyId: 'ID in Shopify',
  },
  list: {
    page: (n, shown) => `Seite ${n}, ${shown}`,
    next: 'Nächste Seite',
    since: 'Dabei seit',
    notADay: 'Schreiben Sie einen Tag als 2026-01-31. Bis dahin werden alle gezeigt.',
    showAll: 'Alle zeigen',
    export: 'Als CSV exportieren',
    exported: 'Die Liste wurde heruntergeladen',
    authorsEmpty: 'Noch keine ausgewählten Autoren',
    authorsEmptyHint: 'Suchen Sie jemanden und machen Sie ihn zum ausgewählten Autor: Er erscheint hier.',
    adminsEmpty: 'Noch keine Admins',
    adminsEmptyHint: 'Suchen Sie jemanden und machen Sie ihn zum Admin: Er erscheint hier.',
    nothingSince: 'Seit diesem Tag ist niemand dazugekommen',
    nothingSinceHint: 'Wählen Sie einen früheren Tag oder zeigen Sie alle.',
    addAuthor: 'Autor hinzufügen',
    addAdmin: 'Admin hinzufügen',
    newestFirst: 'Neueste zuerst',
  },
  members: {
    plan: 'Tarif',
    noPlans: 'Noch keine Mitgliedschaftstarife',
    noPlansHint: 'Tarife werden in Shopify gepflegt, unter Inhalt > Metaobjekte > Membership plan.',
    empty: 'Dieser Tarif hat keine Mitglieder',
    emptyHint: 'Sobald ein Kunde in Shopify diesen Tarif erhält, erscheint er hier.',
    benefits: 'Was enthalten ist',
    price: (price, interval) => (interval === null ? price : `${price} pro ${interval}`),
    free: 'Kostenlos',
    intervals: { day: 'Tag', week: 'Woche', month: 'Monat', year: 'Jahr' },
  },
  roles: {
    give: { author: 'Zum Autor machen', admin: 'Zum Admin machen' },
    take: { author: 'Entfernen', admin: 'Entfernen' },
    takeLong: { author: 'Als Autor entfernen', admin: 'Als Admin entfernen' },
    takeOf: {
      author: (name) => `${name} als Autor entfernen`,
      admin: (name) => `${name} als Admin entfernen`,
    },
    giveQuestion: {
      author: (name) => `${name} zum ausgewählten Autor machen?`,
      admin: (name) => `${name} zum Admin machen?`,
    },
    takeQuestion: {
      author: (name) => `${name} als ausgewählten Autor entfernen?`,
      admin: (name) => `${name} als Admin entfernen?`,
    },
    giveMeaning: {
      author:
        'Die Person erscheint unter den ausgewählten Autoren Ihrer Plattform. Die Änderung wird in Shopify gespeichert.',
      admin: 'Die Person kann Ihre Plattform verwalten. Die Änderung wird in Shopify gespeichert.',
    },
    takeMeaning: {
      author:
        'Die Person bleibt Kunde und erscheint nicht mehr unter den ausgewählten Autoren. Die Änderung wird in Shopify gespeichert.',
      admin:
        'Die Person bleibt Kunde und kann Ihre Plattform nicht mehr verwalten. Die Änderung wird in Shopify gespeichert.',
    },
    given: {
      author: (name) => `${name} ist jetzt ausgewählter Autor`,
      admin: (name) => `${name} ist jetzt Admin`,
    },
    taken: {
      author: (name) => `${name} ist kein ausgewählter Autor mehr`,
      admin: (name) => `${name} ist kein Admin mehr`,
    },
    pending: (name) => `In Shopify gespeichert. ${name}: Es kommt gleich hier an`,
    somebody: 'diese Person',
  },
  find: {
    label: 'Wen suchen Sie?',
    hint: 'Fügen Sie die Adresse des Kunden in Shopify ein, seine ID oder die ID in Ihrer Plattform.',
    search: 'Suchen',
    start: 'Jemanden nachschlagen',
    startHint: 'Sie sehen Rollen und Mitgliedschaft und woher jeder Wert stammt.',
    nothing: 'Niemand wurde gefunden',
    nothingHint: 'Prüfen Sie die ID. Wer gerade erst in Shopify angelegt wurde, braucht einen Moment.',
    sources: 'Woher jeder Wert stammt',
    value: 'Wert',
    content: 'Jetzt',
    source: 'Aus',
    changed: 'Zuletzt geändert',
    fromCustomer: 'Der Kunde in Shopify',
    fromFirst: 'Der Kunde in Shopify, einmalig',
    fromField: 'Rollcalls Feld in Shopify',
    fromTag: 'Ein Tag des Kunden in Shopify',
    fromNothing: 'In Shopify nicht gesetzt',
    fromPlan: 'Der Tarif in Shopify',
    fromPlatform: 'Ihre Plattform, nicht Shopify',
    sourcesProblem: 'Gerade ist nicht bekannt, woher Rollen und Mitgliedschaft stammen.',
    fromRule: 'Folgt aus dem Konto',
    unknown: 'Nicht bekannt',
  },
  home: {
    inSync: 'Alles ist abgeglichen',
    inSyncHint:
      'Jede Änderung in Shopify kommt innerhalb von Sekunden in der Personenliste Ihrer Plattform an.',
    working: 'Rollcall arbeitet',
    workingHint: 'Sie können diese Seite verlassen: Es geht von selbst weiter.',
    waiting: 'Rollcall beginnt bald',
    waitingHint: 'Sie können diese Seite verlassen: Es beginnt von selbst.',
    attention: (n, more) =>
      n === 1
        ? 'Eine Sache braucht Ihre Aufmerksamkeit'
        : `${more ? 'Mehr als ' : ''}${n} Dinge brauchen Ihre Aufmerksamkeit`,
    reasons: {
      several_plans: 'Jemand hat die Tags mehrerer Tarife; der höchste zählt',
      unknown_plan: 'Jemand hat das Tag eines Tarifs, den es nicht gibt',
      plan_gone: 'Jemandem ist ein Tarif zugewiesen, der gelöscht wurde',
      not_a_plan: 'Jemandem ist etwas zugewiesen, das kein Tarif ist',
      protected_data:
        'Shopify nennt Rollcall keine Namen oder E-Mail-Adressen; was hier steht, bleibt. Wer Rollcall betreibt, beantragt geschützte Kundendaten, Stufe 2, für Namen und E-Mail',
      removals_unconfirmed:
        'Personen, die nicht mehr in Shopify sind und hier bleiben, bis Sie es entscheiden',
      webhooks_silent:
        'Shopifys Nachrichten über Änderungen kommen nicht an, darum kommen Änderungen spät: Sagen Sie es dem Betreiber von Rollcall',
      app_settings_invalid:
        'Shopify nimmt die eigenen Zugangsdaten von Rollcall nicht an, darum kann es Ihren Shop nicht lesen: Sagen Sie es dem Betreiber von Rollcall. Neu öffnen hilft nicht',
      scopes_missing:
        'Ihr Shop hat Rollcall nicht alle nötigen Berechtigungen gegeben: Öffnen Sie Rollcall noch einmal und stimmen Sie zu, oder sagen Sie es dem Betreiber',
      api_version:
        'Shopify spricht mit Rollcall in einer anderen Version, als es kennt; Einzelheiten können fehlen: Sagen Sie es dem Betreiber von Rollcall',
      item_refused:
        'Ein Eintrag in der Personenliste Ihrer Plattform ist voll oder beschädigt; Änderungen kommen nicht an',
      admin_merged_away:
        'Ein Admin wurde mit jemandem zusammengeführt: Entscheiden Sie, ob die Person Admin sein soll',
      roles_not_transferred: 'Shopify lehnt es ab, die Rollen einer zusammengeführten Person zu übernehmen',
      'customers/data_request': 'Ein Kunde fragt, welche Daten Sie über ihn haben',
      'customers/redact': 'Die Daten eines Kunden sind zu löschen',
      'shop/redact': 'Die Daten des Shops sind zu löschen',
    },
    otherReason:
      'Etwas ist anzusehen, wofür diese Seite keine Worte hat: Sagen Sie es dem Betreiber von Rollcall',
    dueBy: (day) => `bis ${day}`,
    attentionHint: 'Alles andere ist abgeglichen.',
    attentionDoubt: 'Bis das geklärt ist, kann Rollcall nicht sagen, dass alles andere abgeglichen ist.',
    notComplete: 'Noch sind nicht alle hier',
    notCompleteHint:
      'Änderungen kommen ab jetzt an. Gleichen Sie einmal alle ab, um die zu holen, die schon da sind.',
    notKnown: 'Ob alles abgeglichen ist, ist nicht bekannt',
    notKnownSince: (when) =>
      `Rollcall hat zuletzt am ${when} nach verpassten Änderungen gesucht. Spätere Änderungen können hier fehlen.`,
    neverKnown: 'Rollcall hat noch nicht nach verpassten Änderungen gesucht. Das geschieht von selbst.',
    behind: 'Einige Personen sind nicht auf dem neuesten Stand',
    behindHint: (since) => `Die erste wartet seit dem ${since}. Rollcall versucht es von selbst weiter.`,
    reauthorize: 'Rollcall hat keinen Zugriff mehr auf Ihren Shop',
    reauthorizeHint:
      'Öffnen Sie Rollcall noch einmal, um ihn wieder zu erlauben. Bis dahin können die Listen veraltet sein.',
    reopen: 'Rollcall noch einmal öffnen',
    lastChange: 'Letzte Änderung',
    lastCheck: 'Zuletzt nach verpassten Änderungen gesucht',
    peopleHeading: 'Personen',
    everybody: 'Kunden',
    active: 'Aktiv',
    authors: 'Ausgewählte Autoren',
    admins: 'Admins',
    plansHeading: 'Mitglieder nach Tarif',
    counted: (when) => `Gezählt ${when}`,
    notCounted: 'Wird gezählt, sobald alle hier sind',
    attentionHeading: 'Braucht Ihre Aufmerksamkeit',
    look: 'Ansehen',
    lookSync: 'Zum Abgleich',
  },
  stuck: {
    stalled: 'Rollcall kommt nicht weiter',
    failed: 'In Rollcall stimmt etwas nicht',
    reasons: {
      unavailable_shop:
        'Shopify hat Ihren Shop eingefroren. Sehen Sie in der Shopify-Verwaltung nach, ob eine Rechnung offen ist.',
      forbidden:
        'Shopify lässt Rollcall nicht in Ihren Shop. Fragen Sie den Support von Shopify nach dem Grund.',
      not_found: 'Shopify findet Ihren Shop nicht mehr unter seiner Adresse.',
      locked: 'Shopify hat Ihren Shop gesperrt. Bitten Sie den Support von Shopify, ihn zu entsperren.',
      redirected: 'Ihr Shop ist an eine andere Adresse umgezogen. Sagen Sie es dem Betreiber von Rollcall.',
      access_denied:
        'Shopify lässt Rollcall Ihre Kunden nicht lesen: Eine Berechtigung fehlt. Sagen Sie es dem Betreiber von Rollcall.',
      reauthorization_needed:
        'Rollcall hat keinen Zugriff mehr auf Ihren Shop. Öffnen Sie Rollcall noch einmal, um ihn zu erlauben.',
      token_unreadable:
        'Rollcall kann seinen Zugriff auf Ihren Shop nicht mehr nutzen. Sagen Sie es dem Betreiber von Rollcall.',
      app_settings_invalid:
        'Shopify nimmt die eigenen Zugangsdaten von Rollcall nicht an. Sagen Sie es dem Betreiber von Rollcall; Ihrem Shop fehlt nichts.',
      token_request_refused:
        'Shopify lässt den Server von Rollcall im Moment nicht hinein. Geht es nicht vorüber, sagen Sie es dem Betreiber von Rollcall.',
      admin_api_unavailable: 'Shopify antwortet nicht. Das geht meist von selbst vorüber.',
      store_failed:
        'Die Liste Ihrer Plattform ist nicht erreichbar. Geht es nicht vorüber, sagen Sie es dem Betreiber von Rollcall.',
      internal: 'Der Fehler liegt bei Rollcall selbst. Sagen Sie es dem Betreiber: Im Protokoll steht mehr.',
    },
    otherReason:
      'Shopify lehnt ab, was Rollcall anfragt. Sagen Sie es dem Betreiber von Rollcall: Im Protokoll steht der Grund.',
    since: (job, when) => `${job}: kein Fortschritt seit dem ${when}.`,
    next: (when) => `Rollcall versucht es am ${when} von selbst wieder.`,
    nextSoon: 'Rollcall versucht es jeden Moment von selbst wieder.',
  },
  sync: {
    start: { full: 'Jetzt alle abgleichen', reconcile: 'Verpasste Änderungen suchen' },
    started: {
      full: 'Der Abgleich aller Personen hat begonnen',
      reconcile: 'Verpasste Änderungen werden gesucht',
    },
    jobHeading: 'Laufende Arbeit',
    jobs: {
      full: 'Alle werden abgeglichen',
      check: 'Alle werden geprüft',
      reconcile: 'Verpasste Änderungen werden gesucht',
      fan_out: 'Die Mitglieder eines Tarifs werden aktualisiert',
      plans: 'Die Mitgliedschaftstarife werden gelesen',
      merges: 'Zusammengeführte Kunden werden übernommen',
    },
    waitingFor: { turn: 'Wartet, bis es an der Reihe ist', shopify: 'Wartet auf Shopify' },
    idle: 'Nichts läuft',
    progress: (done, total) => (total === null ? `${done} erledigt` : `${done} von ${total}`),
    rate: (rate) => `${rate} pro Sekunde`,
    left: (time) => `noch ${time}`,
    fullHeading: 'Letzter Abgleich aller Personen',
    fullNone: 'Noch nicht geschehen',
    fullNoneHint:
      'Er geht alle Kunden in Shopify durch und läuft von selbst weiter, auch wenn Sie diese Seite verlassen.',
    fullAt: (when, duration) => `${when}, Dauer: ${duration}`,
    complete: 'Vollständig',
    incomplete: 'Unvollständig',
    checkedOnly: 'Diesmal hat Rollcall nur geprüft: Hier wurde nichts geändert.',
    listed: 'Kunden in Shopify',
    outcomes: {
      written: 'Auf den neuesten Stand gebracht',
      differing: 'Hier anders',
      unchanged: 'Hier schon gleich',
      already_newer: 'Hier schon neuer',
      tombstoned: 'Gelöschte, ausgelassen',
      duplicate: 'Ein zweites Mal gekommen',
      failed: 'Fehlgeschlagen',
      unreadable: 'Nicht lesbar',
      undecided: 'Wird noch einmal geprüft',
    },
    noDifference: 'Niemand war hier anders als in Shopify.',
    differencesHeading: 'Unterschiede zu Shopify',
    differences: {
      missing_here: 'Fehlen hier',
      extra_here: 'Nicht mehr in Shopify',
      stale: 'Veraltet',
      wrong_entitlements: 'Falsche Rolle oder Mitgliedschaft',
    },
    repairedHeading: 'Behobene Unterschiede',
    repaired: {
      missing_here: 'Fehlten hier',
      extra_here: 'Nicht mehr in Shopify: entfernt',
      stale: 'Waren veraltet',
      wrong_entitlements: 'Hatten falsche Rolle oder Mitgliedschaft',
    },
    stillHere: 'Nicht mehr in Shopify, noch hier',
    differencesExport: 'Unterschiede herunterladen',
    removals: {
      heading: (n, shown) => `${people(n, shown)} ${n === 1 ? 'ist' : 'sind'} nicht mehr in Shopify`,
      hint: 'Das sind mehr als üblich, darum wird niemand entfernt, bevor Sie es sagen. Wer es ist, steht in den Unterschieden zum Herunterladen.',
      remove: (n, shown) => `${people(n, shown)} entfernen`,
      question: (n, shown) => `${people(n, shown)} entfernen?`,
      meaning:
        'Rollcall gleicht noch einmal alle ab und entfernt aus der Liste Ihrer Plattform, wen Shopify dann immer noch nicht hat. In Shopify ändert sich nichts. Wer in Shopify wieder erscheint, kommt hier von selbst zurück.',
    },
    reconcileHeading: 'Verpasste Änderungen',
    reconcileNone: 'Noch nicht gesucht',
    reconcileSaid: (changes, repaired) =>
      `${changes} Änderungen geprüft, ${repaired} waren verpasst und wurden nachgeholt`,
    pending: (n, shown, since) =>
      n === null
        ? `Viele Personen warten darauf, neu gelesen zu werden; die erste kam ${since} dazu`
        : n === 1
          ? `1 Person wartet darauf, neu gelesen zu werden; sie kam ${since} dazu`
          : `${shown} Personen warten darauf, neu gelesen zu werden; die erste kam ${since} dazu`,
    deadLettersHeading: 'Änderungen, die nicht lesbar waren',
    deadLettersNone: 'Jede Änderung war lesbar',
    topic: 'Änderung',
    reason: 'Grund',
    received: 'Empfangen',
    retryOf: (topic) => `Erneut versuchen: ${topic}`,
    retried: 'Die Änderung wurde nachgeholt',
    stillUnreadable: 'Die Änderung ist weiterhin nicht lesbar',
    table: 'Einzelheiten',
  },
};
