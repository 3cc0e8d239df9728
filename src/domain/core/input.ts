/** An optional input field. GraphQL clients may send null or leave the field out. */
export type Maybe<T> = T | null | undefined;

/** Common field of all mutation inputs. */
export interface IdempotentInput {
  idempotencyKey?: Maybe<string>;
}
