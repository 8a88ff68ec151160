export declare function platformSettings(code: object): object;
