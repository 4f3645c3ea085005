namespace Movento.Packager.Folders;

/// <summary>The folder to be written to has something in it, and <see cref="FolderSettings.Replace"/> is off.</summary>
/// <param name="folder">Its path.</param>
public sealed class FolderNotEmptyException(string folder) : IOException($"The folder '{folder}' is not empty.");
