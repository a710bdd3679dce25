import type { Words } from './words.ts';

const people = (n: number, shown: string) => (n === 1 ? '1 person' : `${shown} people`);

export const en: Words = {
  nav: {
    home: 'Home',
    authors: 'Featured authors',
    admins: 'Admins',
    members: 'Members',
    find: 'Find a person',
    sync: 'Sync',
  },
  common: {
    loading: 'Loading …',
    retry: 'Try again',
    cancel: 'Cancel',
    none: 'None',
    yes: 'Yes',
    no: 'No',
    people,
    openInShopify: 'Open in Shopify',
    openInShopifyOf: (name) => `Open in Shopify: ${name}`,
  },
  problem: {
    heading: 'This could not be loaded',
    offline:
      'Rollcall did not answer. Check your connection and try again: if a change was saved already, that does no harm.',
    unreadable:
      'Rollcall answered with something unexpected. If trying again does not help, reload the page.',
    actionFailed: 'That did not work',
    codes: {
      body_invalid:
        'Rollcall did not understand this page’s request, so nothing was changed. Reload the page and try again.',
      cursor_invalid: 'This page of the list is no longer there. Nothing was changed: open the list again.',
      query_invalid:
        'Rollcall did not understand what is asked for. Nothing was changed: check the address, or open the list again.',
      reauthorization_needed:
        'Rollcall has lost its access to your shop, so nothing was changed. Open Rollcall again to let it in, then try again.',
      app_settings_invalid:
        'Shopify does not accept Rollcall’s own credentials, so nothing was changed. Tell whoever runs Rollcall, then try again.',
      dead_letter_not_found:
        'This change is no longer waiting: it was brought in meanwhile, or is too old. Nothing was changed now.',
      user_not_found:
        'This person is not in your platform’s list any more. Nothing was changed: look them up again.',
      job_running: 'Rollcall is at this already, so nothing new was started. Wait until it is done.',
      user_not_in_shopify:
        'Shopify has no such customer, so nothing was changed. Only customers of your shop can have roles here.',
      roles_changed_meanwhile:
        'Somebody else has just changed this person in Shopify, so your change was not saved. Look at the person again, then decide.',
      item_refused:
        'It is saved in Shopify, but cannot arrive here: this person’s entry in your platform’s list is full or damaged. Tell whoever runs Rollcall.',
      roles_refused:
        'Shopify does not accept this change, so nothing was changed. Tell whoever runs Rollcall: its log has the reason.',
      roles_unconfirmed:
        'Shopify did not confirm the change, so it may or may not be saved. If it is, it arrives here by itself. Look again in a few minutes, or try again now: that does no harm.',
      admin_api_refused:
        'Shopify refuses what Rollcall asks for, so nothing was changed. Tell whoever runs Rollcall if this goes on.',
      admin_api_too_costly:
        'Shopify has no room for this just now, so nothing was changed. Try again in a minute, and tell whoever runs Rollcall if this goes on.',
      admin_api_unavailable:
        'Shopify does not answer just now, so nothing was changed. Try again in a moment.',
      store_failed:
        'Your platform’s list cannot be reached just now, so nothing was changed. Try again in a moment.',
      internal:
        'Something went wrong in Rollcall. Look whether your change is there before you try again, and tell whoever runs Rollcall if this goes on.',
      not_found: 'There is nothing here any more. Nothing was changed: reload the page.',
      other_shop:
        'This Rollcall belongs to another shop, so nothing was changed. Open the one that is installed in your shop.',
      path_invalid: 'This address cannot be read. Nothing was changed: open the view from the menu.',
      session_invalid:
        'Shopify’s sign-in has run out, so nothing was changed. Reload the page and try again.',
    },
    permissionMissing: (names) =>
      `Rollcall lacks ${names === '' ? 'a permission' : `the permission ${names}`} in your shop, so nothing was changed. Open Rollcall again and approve what Shopify asks you for. If it asks for nothing, tell whoever runs Rollcall.`,
    quoted: (name) => `“${name}”`,
    permissions: {
      read_customers: 'View customers',
      write_customers: 'Edit customers',
      read_customer_merge: 'View merged customers',
      read_metaobjects: 'View content entries',
      write_metaobject_definitions: 'Edit content definitions',
    },
  },
  person: {
    noName: 'No name',
    name: 'Name',
    email: 'E-mail',
    noEmail: 'No e-mail',
    emailConfirmed: 'E-mail confirmed',
    joined: 'Joined',
    membership: 'Membership',
    noMembership: 'No membership',
    planDetails: 'Details of the plan',
    account: 'Account',
    roles: 'Roles',
    action: 'Action',
    author: 'Featured author',
    admin: 'Admin',
    active: 'Active',
    states: {
      enabled: 'Account active',
      invited: 'Invited',
      disabled: 'No account',
      declined: 'Invitation declined',
    },
    userId: 'Id in your platform',
    shopifyId: 'Id in Shopify',
  },
  list: {
    page: (n, shown) => `Page ${n}, ${shown}`,
    next: 'Next page',
    since: 'Joined since',
    notADay: 'Write a day as 2026-01-31. Everybody is shown until then.',
    showAll: 'Show everybody',
    export: 'Export as CSV',
    exported: 'The list was downloaded',
    authorsEmpty: 'No featured authors yet',
    authorsEmptyHint: 'Find somebody and make them a featured author: they show up here.',
    adminsEmpty: 'No admins yet',
    adminsEmptyHint: 'Find somebody and make them an admin: they show up here.',
    nothingSince: 'Nobody has joined since that day',
    nothingSinceHint: 'Choose an earlier day, or show everybody.',
    addAuthor: 'Add a featured author',
    addAdmin: 'Add an admin',
    newestFirst: 'Newest first',
  },
  members: {
    plan: 'Plan',
    noPlans: 'No membership plans yet',
    noPlansHint: 'Plans are kept in Shopify, under Content > Metaobjects > Membership plan.',
    empty: 'This plan has no members',
    emptyHint: 'As soon as a customer in Shopify gets this plan, they show up here.',
    benefits: 'What it includes',
    price: (price, interval) => (interval === null ? price : `${price} per ${interval}`),
    free: 'Free',
    intervals: { day: 'day', week: 'week', month: 'month', year: 'year' },
  },
  roles: {
    give: { author: 'Make featured author', admin: 'Make admin' },
    take: { author: 'Remove', admin: 'Remove' },
    takeLong: { author: 'Remove as featured author', admin: 'Remove as admin' },
    takeOf: {
      author: (name) => `Remove ${name} as featured author`,
      admin: (name) => `Remove ${name} as admin`,
    },
    giveQuestion: {
      author: (name) => `Make ${name} a featured author?`,
      admin: (name) => `Make ${name} an admin?`,
    },
    takeQuestion: {
      author: (name) => `Remove ${name} as featured author?`,
      admin: (name) => `Remove ${name} as admin?`,
    },
    giveMeaning: {
      author:
        'They will be listed among the featured authors of your platform. The change is saved in Shopify.',
      admin: 'They will be able to administer your platform. The change is saved in Shopify.',
    },
    takeMeaning: {
      author:
        'They stay a customer, and are no longer listed among the featured authors. The change is saved in Shopify.',
      admin:
        'They stay a customer, and can no longer administer your platform. The change is saved in Shopify.',
    },
    given: {
      author: (name) => `${name} is a featured author now`,
      admin: (name) => `${name} is an admin now`,
    },
    taken: {
      author: (name) => `${name} is no longer a featured author`,
      admin: (name) => `${name} is no longer an admin`,
    },
    pending: (name) => `Saved in Shopify. ${name}: it arrives here in a moment`,
    somebody: 'this person',
  },
  find: {
    label: 'Whom are you looking for?',
    hint: 'Paste the address of the customer in Shopify, their id, or the id in your platform.',
    search: 'Find',
    start: 'Look somebody up',
    startHint: 'You see their roles and membership, and where each value came from.',
    nothing: 'Nobody was found',
    nothingHint: 'Check the id. Somebody who was just added to Shopify may take a moment.',
    sources: 'Where each value came from',
    value: 'Value',
    content: 'Now',
    source: 'From',
    changed: 'Last changed',
    fromCustomer: 'The customer in Shopify',
    fromFirst: 'The customer in Shopify, set once',
    fromField: 'Rollcall’s field in Shopify',
    fromTag: 'A tag of the customer in Shopify',
    fromNothing: 'Not set in Shopify',
    fromPlan: 'The plan in Shopify',
    fromPlatform: 'Your platform, not Shopify',
    sourcesProblem: 'It is not known just now where roles and membership come from.',
    fromRule: 'Follows from the account',
    unknown: 'Not known',
  },
  home: {
    inSync: 'Everything is in sync',
    inSyncHint: 'Every change in Shopify arrives in your platform’s list of people within seconds.',
    working: 'Rollcall is at work',
    workingHint: 'You can leave this page: it goes on by itself.',
    waiting: 'Rollcall begins soon',
    waitingHint: 'You can leave this page: it begins by itself.',
    attention: (n, more) =>
      n === 1
        ? 'One thing needs your attention'
        : `${more ? 'More than ' : ''}${n} things need your attention`,
    reasons: {
      several_plans: 'Somebody has the tags of several membership plans; the highest one counts',
      unknown_plan: 'Somebody has the tag of a membership plan that does not exist',
      plan_gone: 'Somebody is assigned a membership plan that was deleted',
      not_a_plan: 'Somebody is assigned something that is no membership plan',
      protected_data:
        'Shopify does not tell Rollcall names or e-mail addresses; what is here stays. Whoever runs Rollcall applies for protected customer data, level 2, for names and e-mail',
      removals_unconfirmed: 'People who are no longer in Shopify, and stay here until you say so',
      webhooks_silent:
        'Shopify’s messages about changes do not arrive, so changes come late: tell whoever runs Rollcall',
      app_settings_invalid:
        'Shopify does not accept Rollcall’s own credentials, so it cannot read your shop: tell whoever runs Rollcall. Opening it again does not help',
      scopes_missing:
        'Your shop has not given Rollcall all permissions that it needs: open Rollcall again and approve them, or tell whoever runs it',
      api_version:
        'Shopify speaks to Rollcall in another version than it knows, so details may be missing: tell whoever runs Rollcall',
      item_refused: 'Somebody’s entry in your platform’s list is full or damaged, so changes do not arrive',
      admin_merged_away: 'An admin was merged into somebody: decide whether they are to be an admin',
      roles_not_transferred: 'Shopify refuses to give somebody the roles of the person merged into them',
      'customers/data_request': 'A customer asks which data you keep about them',
      'customers/redact': 'A customer’s data has to be deleted',
      'shop/redact': 'The shop’s data has to be deleted',
    },
    otherReason: 'Something needs a look that this page has no words for: tell whoever runs Rollcall',
    dueBy: (day) => `by ${day}`,
    attentionHint: 'Everything else is in sync.',
    attentionDoubt: 'Until this is resolved, Rollcall cannot say that everything else is in sync.',
    notComplete: 'Not everybody is here yet',
    notCompleteHint:
      'Changes arrive from now on. Sync everybody once to bring in those who are there already.',
    notKnown: 'Whether everything is in sync is not known',
    notKnownSince: (when) =>
      `Rollcall looked for missed changes last on ${when}. Changes since then may be missing here.`,
    neverKnown: 'Rollcall has not looked for missed changes yet. It does so by itself.',
    behind: 'Some people are not up to date',
    behindHint: (since) => `The first of them has waited since ${since}. Rollcall goes on trying by itself.`,
    reauthorize: 'Rollcall has lost its access to your shop',
    reauthorizeHint: 'Open Rollcall again to let it in. Until then the lists may be out of date.',
    reopen: 'Open Rollcall again',
    lastChange: 'Last change',
    lastCheck: 'Last look for missed changes',
    peopleHeading: 'People',
    everybody: 'Customers',
    active: 'Active',
    authors: 'Featured authors',
    admins: 'Admins',
    plansHeading: 'Members by plan',
    counted: (when) => `Counted ${when}`,
    notCounted: 'Counted as soon as everybody is here',
    attentionHeading: 'Needs your attention',
    look: 'Look',
    lookSync: 'Go to Sync',
  },
  stuck: {
    stalled: 'Rollcall cannot go on',
    failed: 'Something is wrong in Rollcall',
    reasons: {
      unavailable_shop: 'Shopify has frozen your shop. Look in the Shopify admin whether a bill is open.',
      forbidden: 'Shopify does not let Rollcall into your shop. Ask Shopify’s support why.',
      not_found: 'Shopify does not find your shop at its address any more.',
      locked: 'Shopify has locked your shop. Ask Shopify’s support to unlock it.',
      redirected: 'Your shop has moved to another address. Tell whoever runs Rollcall.',
      access_denied:
        'Shopify does not let Rollcall read your customers: it lacks a permission. Tell whoever runs Rollcall.',
      reauthorization_needed: 'Rollcall has lost its access to your shop. Open Rollcall again to let it in.',
      token_unreadable: 'Rollcall cannot use its access to your shop any more. Tell whoever runs Rollcall.',
      app_settings_invalid:
        'Shopify does not accept Rollcall’s own credentials. Tell whoever runs Rollcall; your shop has lost nothing.',
      token_request_refused:
        'Shopify does not let Rollcall’s server in for now. Tell whoever runs Rollcall if it does not pass.',
      admin_api_unavailable: 'Shopify does not answer. This usually passes by itself.',
      store_failed: 'Your platform’s list cannot be reached. Tell whoever runs Rollcall if it does not pass.',
      internal: 'The fault is Rollcall’s own. Tell whoever runs it: its log has the details.',
    },
    otherReason:
      'Shopify refuses what Rollcall asks for. Tell whoever runs Rollcall: its log has the reason.',
    since: (job, when) => `${job}: no progress since ${when}.`,
    next: (when) => `Rollcall tries again by itself on ${when}.`,
    nextSoon: 'Rollcall tries again by itself any moment now.',
  },
  sync: {
    start: { full: 'Sync everybody now', reconcile: 'Look for missed changes' },
    started: { full: 'Syncing everybody has started', reconcile: 'Looking for missed changes' },
    jobHeading: 'Work in progress',
    jobs: {
      full: 'Syncing everybody',
      check: 'Checking everybody',
      reconcile: 'Looking for missed changes',
      fan_out: 'Updating the members of a plan',
      plans: 'Reading the membership plans',
      merges: 'Bringing merged customers together',
    },
    waitingFor: { turn: 'Waiting for its turn', shopify: 'Waiting for Shopify' },
    idle: 'Nothing is running',
    progress: (done, total) => (total === null ? `${done} done` : `${done} of ${total}`),
    rate: (rate) => `${rate} per second`,
    left: (time) => `${time} left`,
    fullHeading: 'Last sync of everybody',
    fullNone: 'Not done yet',
    fullNoneHint:
      'It goes through every customer in Shopify, and goes on by itself, also when you leave this page.',
    fullAt: (when, duration) => `${when}, took ${duration}`,
    complete: 'Complete',
    incomplete: 'Incomplete',
    checkedOnly: 'This time Rollcall only looked: nothing was changed here.',
    listed: 'Customers in Shopify',
    outcomes: {
      written: 'Brought up to date',
      differing: 'Different here',
      unchanged: 'Already the same here',
      already_newer: 'Already newer here',
      tombstoned: 'Deleted people, left out',
      duplicate: 'Came a second time',
      failed: 'Failed',
      unreadable: 'Could not be read',
      undecided: 'Left for another look',
    },
    noDifference: 'Nobody here was different from Shopify.',
    differencesHeading: 'Differences to Shopify',
    differences: {
      missing_here: 'Missing here',
      extra_here: 'No longer in Shopify',
      stale: 'Out of date',
      wrong_entitlements: 'Wrong role or membership',
    },
    repairedHeading: 'Differences that were put right',
    repaired: {
      missing_here: 'Were missing here',
      extra_here: 'Were no longer in Shopify, removed here',
      stale: 'Were out of date',
      wrong_entitlements: 'Had a wrong role or membership',
    },
    stillHere: 'No longer in Shopify, still here',
    differencesExport: 'Download the differences',
    removals: {
      heading: (n, shown) => `${people(n, shown)} here ${n === 1 ? 'is' : 'are'} no longer in Shopify`,
      hint: 'That is more than usual, so nobody is removed before you say so. Download the differences to see who it is.',
      remove: (n, shown) => `Remove ${people(n, shown)}`,
      question: (n, shown) => `Remove ${people(n, shown)}?`,
      meaning:
        'Rollcall syncs everybody once more, and removes from your platform’s list whom Shopify still does not have. Nothing changes in Shopify. Whoever appears in Shopify again comes back here by themselves.',
    },
    reconcileHeading: 'Missed changes',
    reconcileNone: 'Not looked for yet',
    reconcileSaid: (changes, repaired) =>
      `${changes} changes looked at, ${repaired} had been missed and were brought in`,
    pending: (n, shown, since) =>
      n === null
        ? `Many people wait to be read again, the first was noted ${since}`
        : n === 1
          ? `1 person waits to be read again, noted ${since}`
          : `${shown} people wait to be read again, the first was noted ${since}`,
    deadLettersHeading: 'Changes that could not be read',
    deadLettersNone: 'Every change was read',
    topic: 'Change',
    reason: 'Reason',
    received: 'Received',
    retryOf: (topic) => `Try again: ${topic}`,
    retried: 'The change was brought in',
    stillUnreadable: 'The change still cannot be read',
    table: 'Details',
  },
};
