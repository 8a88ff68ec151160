/** What is told of an answer, of whatever part of the service it is. */
export interface Answer {
  readonly method: string;
  /** The pattern of the route; `undefined` where there is none for the request. */
  readonly route: string | undefined;
  readonly statusCode: number;
  readonly seconds: number;
}

export type AnswerListener = (answer: Answer) => void;
