"""Drafts a template from an official workbook: the folder of data that its author then corrects by hand."""
