package pod

// Unknown is what FilesOf and ThreadsOf return where the system does not tell.
const Unknown = -1
