"""Pictures and PDFs without personal data: painted over, encoded anew, read again."""
