namespace Movento.Storage;

public sealed class FileStorageOptions
{
    /// <summary>The folder that holds the objects; made at start if there is none.</summary>
    public string Folder { get; set; } = "";

    /// <summary>How many of the files read last stay open.</summary>
    public int MaxOpenFiles { get; set; } = 256;

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            yield return "Storage:Files:Folder is empty: name the folder that holds the objects.";
        if (MaxOpenFiles is < 1 or > 65_536)
            yield return $"Storage:Files:MaxOpenFiles is {MaxOpenFiles}: give a number from 1 to 65536.";
    }
}
