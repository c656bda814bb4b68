"""The ACL Anthology, by the XML files of its repository."""
