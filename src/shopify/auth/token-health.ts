import type { Logger } from '../../log.ts';
import { createLogLimit } from '../../log-limit.ts';
import type { Metrics } from '../../metrics.ts';
import type { TokenFailure } from './token-failure.ts';

/** Something that an operator should look at, as /readyz has it. */
interface TokenProblem {
  readonly code: 'app_settings_invalid' | 'token_requests_refused' | 'token_requests_unanswered';
  readonly message: string;
}

/** How token requests end, of all shops: for the metrics, the log and /readyz. */
export interface TokenHealth {
  succeeded(): void;
  failed(failure: TokenFailure): void;
  /** What has gone wrong since the last request that Shopify answered with a token, or refused for the token's sake. */
  problems(): readonly TokenProblem[];
}

export interface TokenHealthDeps {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

const OUTCOMES = {
  credential: 'credential_refused',
  app: 'app_refused',
  refused: 'refused',
  unavailable: 'unavailable',
} as const;

const PROBLEMS: Readonly<Record<Exclude<TokenFailure['kind'], 'credential'>, TokenProblem>> = {
  app: {
    code: 'app_settings_invalid',
    message:
      'Shopify does not know the app by SHOPIFY_API_KEY and SHOPIFY_API_SECRET: compare them with the app’s client credentials in the Dev Dashboard',
  },
  refused: {
    code: 'token_requests_refused',
    message:
      'Shopify refuses token requests without a word about the token, as an edge does that blocks an address: look at the address that this server calls from, then at SHOPIFY_API_KEY and SHOPIFY_API_SECRET',
  },
  unavailable: {
    code: 'token_requests_unanswered',
    message:
      'Shopify does not answer token requests: if it lasts, look at this server’s way out to the internet, then at SHOPIFY_API_KEY and SHOPIFY_API_SECRET',
  },
};

export function createTokenHealth({ metrics, log, now }: TokenHealthDeps): TokenHealth {
  const standing = new Map<TokenProblem['code'], TokenProblem>();
  const mayLog = createLogLimit(now);

  return {
    succeeded() {
      metrics.tokenRequests.inc({ outcome: 'ok' });
      standing.clear();
    },

    failed({ kind, status, code }) {
      metrics.tokenRequests.inc({ outcome: OUTCOMES[kind] });
      // What is about the credential comes from a Shopify that knows the app.
      if (kind === 'credential' || kind === 'app') standing.clear();
      if (kind === 'credential') return;
      const problem = PROBLEMS[kind];
      standing.set(problem.code, problem);
      if (!mayLog(problem.code)) return;
      const { code: what, message: hint } = problem;
      log.warn({ problem: what, status, error: code, hint }, 'token request failed');
    },

    problems: () => [...standing.values()],
  };
}
