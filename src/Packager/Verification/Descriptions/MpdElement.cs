using System.Xml;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>One element of an MPD, with its line.</summary>
internal sealed class MpdElement(string name, string @namespace, int line)
{
    private const int MaxElements = 100_000;
    private const int MaxDepth = 32;
    private const int MaxAttributes = 64;

    public const string Schema = "urn:mpeg:dash:schema:mpd:2011";

    private (string Name, string Value)[] _attributes = [];
    private List<MpdElement>? _children;

    public string Name => name;

    public int Line => line;

    /// <summary>Whether it is of DASH's own schema.</summary>
    public bool IsOfSchema => @namespace == Schema;

    public string Text { get; private set; } = "";

    public IReadOnlyList<MpdElement> Children => _children ?? (IReadOnlyList<MpdElement>)[];

    public IReadOnlyList<(string Name, string Value)> Attributes => _attributes;

    public string? this[string attribute]
    {
        get
        {
            foreach (var (key, value) in _attributes)
            {
                if (key == attribute)
                    return value;
            }

            return null;
        }
    }

    public IEnumerable<MpdElement> Of(string child) => Children.Where(element => element.Name == child && element.IsOfSchema);

    public MpdElement? First(string child) => Of(child).FirstOrDefault();

    /// <summary>Reads a document: no document type, no entities, and no more of anything than an MPD needs.</summary>
    /// <returns>Null where it is not well-formed or too large; the findings say which.</returns>
    public static MpdElement? Read(byte[] bytes, string address, Findings findings)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true,
            MaxCharactersInDocument = bytes.Length, MaxCharactersFromEntities = 1024,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), settings);
            return Read(reader, address, findings);
        }
        catch (XmlException exception)
        {
            findings.Add(VerificationRule.DashXml, new FindingLocation(address, exception.LineNumber), exception.Message);
            return null;
        }
    }

    private static MpdElement? Read(XmlReader reader, string address, Findings findings)
    {
        var (open, count) = (new Stack<MpdElement>(), 0);
        MpdElement? root = null;
        while (reader.Read())
        {
            var position = ((IXmlLineInfo)reader).LineNumber;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (++count > MaxElements || reader.Depth > MaxDepth || reader.AttributeCount > MaxAttributes)
                    {
                        findings.Add(
                            VerificationRule.SourceLimit, new FindingLocation(address, position),
                            $"The MPD has more than {MaxElements} elements, {MaxDepth} levels or {MaxAttributes} attributes of one.");
                        return null;
                    }

                    var element = new MpdElement(reader.LocalName, reader.NamespaceURI, position);
                    var isEmpty = reader.IsEmptyElement;
                    if (reader.AttributeCount > 0)
                    {
                        var attributes = new List<(string, string)>(reader.AttributeCount);
                        while (reader.MoveToNextAttribute())
                        {
                            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                                attributes.Add((reader.Name, reader.Value));
                        }

                        element._attributes = [.. attributes];
                    }

                    if (open.TryPeek(out var parent))
                        (parent._children ??= []).Add(element);
                    root ??= element;
                    if (!isEmpty)
                        open.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when open.TryPeek(out var around):
                    around.Text += reader.Value.Trim();
                    break;
            }
        }

        return root;
    }
}
