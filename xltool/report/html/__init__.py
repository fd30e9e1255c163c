"""Reports as pages: what is told as plain data, pictures of the places, and the templates that show them."""
