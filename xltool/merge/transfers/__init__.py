"""内部往来: which transfers inside the group are taken out, and the findings about them."""
