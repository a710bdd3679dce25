/** What a caller may branch on. The message says what to do and may change. */
export type ErrorCode =
  | 'admin_api_refused'
  | 'admin_api_too_costly'
  | 'admin_api_unavailable'
  | 'app_settings_invalid'
  | 'body_invalid'
  | 'bulk_result_changed'
  | 'bulk_result_expired'
  | 'config_invalid'
  | 'cursor_invalid'
  | 'customer_unreadable'
  | 'data_directory_busy'
  | 'dead_letter_not_found'
  | 'engine_failed'
  | 'roles_changed_meanwhile'
  | 'roles_refused'
  | 'roles_unconfirmed'
  | 'item_refused'
  | 'job_running'
  | 'page_missing'
  | 'permission_missing'
  | 'plan_unreadable'
  | 'port_in_use'
  | 'query_invalid'
  | 'reauthorization_needed'
  | 'session_invalid'
  | 'store_failed'
  | 'table_missing'
  | 'table_differs'
  | 'table_refused'
  | 'table_unfinished'
  | 'token_unreadable'
  | 'user_not_found'
  | 'user_not_in_shopify'
  | 'webhook_unreadable';

interface AppErrorOptions extends ErrorOptions {
  readonly reason?: string;
  readonly permissions?: readonly string[] | undefined;
}

/** The one error class. `code` is the contract; the cause is kept for the log and never shown to a client. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** More exactly than the code, what Shopify or DynamoDB refuses with. */
  readonly reason: string | undefined;
  /** The scopes that the app lacks, as Shopify calls them. */
  readonly permissions: readonly string[];

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    const { reason, permissions = [], ...rest } = options;
    super(message, rest);
    this.name = 'AppError';
    this.code = code;
    this.reason = reason;
    this.permissions = permissions;
  }
}
