export declare const descriptionFile: string;
export declare const typesFile: string;
export declare function typesOf(description: { components: { schemas: Record<string, object> } }): string;
