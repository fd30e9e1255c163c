"""What there is to see in a sheet: its table, headings, forms and what stands above them."""
