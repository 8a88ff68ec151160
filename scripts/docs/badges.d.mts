export declare const badgeFolder: string;

export declare function badges(): Record<string, string>;
