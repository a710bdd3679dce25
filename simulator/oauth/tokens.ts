import { randomBytes } from 'node:crypto';

export interface TokenOptions {
  readonly now: () => Date;
  /** Seconds. Default 3600. */
  readonly accessLives?: number;
  /** Seconds. Default 90 days. */
  readonly refreshLives?: number;
  /**
   * Whether a used refresh token works until its replacement is used (30 days at most), as at Shopify since 2026-08-28.
   * Default false, as before and as the harder case.
   */
  readonly refreshAgain?: boolean;
}

export interface Issued {
  readonly access_token: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly refresh_token_expires_in?: number;
}

export interface Tokens {
  /** Issuing an expiring token revokes the earlier expiring ones. */
  issue(options: { expiring: boolean }): Issued;
  /** @returns undefined if the refresh token is not valid */
  refresh(refreshToken: string): Issued | undefined;
  /** @returns undefined if the token is not a valid non-expiring one */
  migrate(accessToken: string): Issued | undefined;
  isGood(accessToken: string): boolean;
  revokeAll(): void;
  /** A single-use authorization code. */
  issueCode(): string;
  useCode(code: string): boolean;
}

interface RefreshToken {
  readonly expiresAt: number;
  usedAt?: number;
  replacement?: RefreshToken;
}

const RETRY_LIVES_MS = 30 * 24 * 60 * 60 * 1000;

/** The tokens of one app in one shop. */
export function createTokens(options: TokenOptions): Tokens {
  const { now, accessLives = 3600, refreshLives = 90 * 24 * 60 * 60, refreshAgain = false } = options;
  const time = () => now().getTime();
  /** Access tokens with their expiry in ms; Infinity for a non-expiring one. */
  const access = new Map<string, number>();
  const refresh = new Map<string, RefreshToken>();
  const codes = new Set<string>();

  function issueExpiring(): { issued: Issued; token: RefreshToken } {
    for (const [token, end] of access) if (end !== Number.POSITIVE_INFINITY) access.delete(token);
    const issued = {
      access_token: newToken('shpat'),
      expires_in: accessLives,
      refresh_token: newToken('shprt'),
      refresh_token_expires_in: refreshLives,
    };
    const token = { expiresAt: time() + refreshLives * 1000 };
    access.set(issued.access_token, time() + accessLives * 1000);
    refresh.set(issued.refresh_token, token);
    return { issued, token };
  }

  function isUsable({ expiresAt, usedAt, replacement }: RefreshToken): boolean {
    if (time() >= expiresAt) return false;
    if (usedAt === undefined) return true;
    return refreshAgain && replacement?.usedAt === undefined && time() - usedAt < RETRY_LIVES_MS;
  }

  return {
    issue({ expiring }) {
      if (!expiring) {
        const token = newToken('shpat');
        access.set(token, Number.POSITIVE_INFINITY);
        return { access_token: token };
      }
      refresh.clear();
      return issueExpiring().issued;
    },
    refresh(refreshToken) {
      const token = refresh.get(refreshToken);
      if (token === undefined || !isUsable(token)) return undefined;
      const { issued, token: replacement } = issueExpiring();
      token.usedAt ??= time();
      token.replacement = replacement;
      return issued;
    },
    migrate(accessToken) {
      if (access.get(accessToken) !== Number.POSITIVE_INFINITY) return undefined;
      access.delete(accessToken);
      refresh.clear();
      return issueExpiring().issued;
    },
    isGood: (accessToken) => time() < (access.get(accessToken) ?? 0),
    revokeAll() {
      access.clear();
      refresh.clear();
      codes.clear();
    },
    issueCode() {
      const code = newToken('code');
      codes.add(code);
      return code;
    },
    useCode: (code) => codes.delete(code),
  };
}

function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}
