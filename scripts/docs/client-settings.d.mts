export declare const clientFileKeys: readonly (readonly [key: string, takes: string, sentence: string])[];
export declare function clientVariables(help: string): { name: string; sentence: string }[];
