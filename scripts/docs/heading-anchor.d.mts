export declare function headingAnchor(heading: string): string;
