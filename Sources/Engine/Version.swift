/// The version of Soma, as recipes and files record it.
public enum Version {
  public static let current = "0.1.0"
}
