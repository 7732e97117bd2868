/** The signal flag Q on navy. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="#17324D" />
      <path d="M7.5 5v14" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M8.6 5.6h8.2v7H8.6z" fill="#F2B93B" />
    </svg>
  );
}
